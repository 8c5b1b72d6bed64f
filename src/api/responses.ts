import { z } from 'zod';
import { ErrorReply, Problem } from './schemas/fields.ts';

const WORDS: Record<number, string> = {
  400: 'A field is wrong; `details.fields` names it.',
  401: 'No valid credentials.',
  403: 'Not allowed for this person, or a request from a page of another site.',
  404: 'There is no such thing, or it belongs to somebody else.',
  409: 'Not possible in the present state, or a quota is used up.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'The Idempotency-Key was used for another request.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  500: 'Our mistake. The correlation id finds it in the log.',
  503: 'Overloaded, stopping, or without a dependency; `Retry-After` says when to come back. Or switched off by an operator.',
};

/** Every route may answer these. */
const ALWAYS = [400, 401, 403, 429, 500, 503];

type Documented = { description: string; content: Record<string, { schema: z.ZodType }> } | z.ZodNull;

/** The document's list of a route's answers: the good one, those that any route has, and `others`. */
export function responses(
  status: number,
  schema: z.ZodType | null,
  description: string,
  others: readonly number[] = [],
): Record<number, Documented> {
  const answers: Record<number, Documented> = {
    // No content at all is spelled as null here.
    [status]: schema ? { description, content: { 'application/json': { schema } } } : z.null().describe(description),
  };
  for (const code of [...ALWAYS, ...others]) answers[code] = failure(code);
  return answers;
}

/** The same for a route that streams: its good answer has other types too. */
export function streams(
  types: Record<string, z.ZodType>,
  description: string,
  others: readonly number[] = [],
): Record<number, Documented> {
  const content = Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));
  return { ...responses(200, null, description, others), 200: { description, content } };
}

function failure(code: number): Documented {
  return {
    description: WORDS[code] ?? 'It failed.',
    content: { 'application/json': { schema: ErrorReply }, 'application/problem+json': { schema: Problem } },
  };
}
