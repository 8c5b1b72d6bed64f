import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode, type ErrorDetails } from '../../errors.ts';
import { prefersHtml } from './browsers.ts';

/** The one error body (API-7). */
interface ErrorBody {
  error: { code: ErrorCode; message: string; details: ErrorDetails; timestamp: string; correlationId: string };
}

const PROBLEM = 'application/problem+json';
/** What we expect of a dependency that is away, in seconds, where the failure itself does not say. */
const DEFAULT_RETRY_AFTER = 5;

/** Every failure, expected or not, is answered here; nothing of a stack, a statement or a path gets out (API-7). */
export function errors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => sendError(error, request, reply));
}

/** Answers a failure with the one body; as RFC 9457 too, for clients that ask for `application/problem+json`. */
function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = asAppError(error);
  if (failure.status >= 500) logFailure(error, failure, request);
  const body = errorBody(failure, request.id);
  reply.code(failure.status).header('cache-control', 'no-store');
  // A person in a browser who is not signed in gets the way in instead of JSON, and comes back afterwards.
  if (failure.status === 401 && prefersHtml(request))
    return reply.redirect(`/sign-in?from=${encodeURIComponent(request.url)}`, 302);
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer realm="store-platform"');
  const passing = failure.status === 503 && failure.code !== 'FEATURE_DISABLED';
  const retryAfter = failure.retryAfter ?? (passing ? DEFAULT_RETRY_AFTER : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
  if (!asksForProblem(request)) return reply.type('application/json; charset=utf-8').send(body);
  return reply.type(PROBLEM).send({ ...problem(failure, request.id), ...body });
}

function errorBody(failure: AppError, correlationId: string): ErrorBody {
  const { code, message, details } = failure;
  return { error: { code, message, details, timestamp: new Date().toISOString(), correlationId } };
}

function problem(failure: AppError, correlationId: string) {
  return {
    type: `urn:store-platform:error:${failure.code}`,
    title: failure.code,
    status: failure.status,
    detail: failure.message,
    instance: `urn:store-platform:request:${correlationId}`,
  };
}

function asksForProblem(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes(PROBLEM);
}

/** What Fastify and its plugins throw, in our codes. What nobody expected is INTERNAL and says nothing. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return internal(error);
  const { validation, validationContext, code, statusCode = 500 } = error as FastifyError;
  if (validation) return invalid(validation, validationContext ?? 'body');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('BODY_TOO_LARGE', 'The request body is too large.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
  }
  if (code === 'FST_ERR_HANDLER_TIMEOUT') {
    return new AppError('OVERLOADED', 'This took too long and was given up. Try again.', { cause: error });
  }
  // 403 is the file server's word for what is no file's name.
  if (statusCode === 404 || statusCode === 403) return new AppError('NOT_FOUND', 'There is nothing at this address.');
  if (statusCode >= 400 && statusCode < 500) return new AppError('VALIDATION_FAILED', readable(error));
  return internal(error);
}

function internal(cause: unknown): AppError {
  return new AppError('INTERNAL', 'Something went wrong on our side. The correlation id leads to it in the log.', {
    cause,
  });
}

/** An id that has the wrong shape names nothing, so it is not found; any other wrong field is named. */
function invalid(issues: NonNullable<FastifyError['validation']>, context: string): AppError {
  if (context === 'params') return new AppError('NOT_FOUND', 'There is nothing with this id.');
  const fields = issues.map((issue) => ({
    field: issue.instancePath.slice(1).replaceAll('/', '.') || context,
    message: issue.message ?? 'is wrong',
  }));
  const words = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new AppError('VALIDATION_FAILED', `The request is not valid. ${words}`.slice(0, 1000), {
    details: { in: context, fields },
  });
}

/** Fastify's own texts about a request are fit for people, except that JSON's quote what was sent. */
function readable(error: Error): string {
  const { code } = error as FastifyError;
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY') return 'The body is not valid JSON.';
  if (code === 'FST_ERR_BAD_URL') return 'The address is not a valid URL.';
  return error.message;
}

function logFailure(error: unknown, failure: AppError, request: FastifyRequest): void {
  if (failure.code === 'INTERNAL') request.log.error({ err: error }, 'A request failed unexpectedly');
  else request.log.warn({ err: failure.cause ?? failure, code: failure.code }, failure.message);
}
