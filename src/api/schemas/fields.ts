import { z } from 'zod';

/**
 * The shapes of the API: they validate what comes in, and openapi.json is made of them (API-8).
 * What goes out is built by views.ts and typed against them; checking it again at run time would only cost.
 */

/** A whole number in a query string. Unlike a coerced one it takes no blanks, signs, exponents or hex. */
export const queryInt = (min: number, max: number, description: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)
    .meta({ type: 'integer', minimum: min, maximum: max, description });

export const queryBoolean = (description: string) =>
  z
    .string()
    .regex(/^(true|false)$/, 'must be true or false')
    .transform((text) => text === 'true')
    .meta({ type: 'boolean', description });

/** Text that a person wrote. Control characters, NUL above all, and halves of characters have no place in it. */
export const text = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !/[\p{Cc}\p{Surrogate}]/u.test(value), 'must hold no control characters')
    .meta({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' });

export const time = z.iso.datetime();

export const Limit = queryInt(1, 100, 'How many at most.').optional();
export const Offset = queryInt(0, 1_000_000_000, 'How many to leave out.').optional();

export const IdParams = z.strictObject({ id: z.uuid().meta({ description: 'The id of the resource.' }) });

/** Every POST takes it (API-3). Other headers are not looked at here. */
export const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[A-Za-z0-9._:@/+=-]{1,255}$/, 'must be 1 to 255 letters, digits or . _ : @ / + = -')
    .optional()
    .meta({
      description: 'Makes the request safe to repeat: the same key and body gets the first answer again for 24 hours.',
    }),
});

export const ErrorReply = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'Stable; for scripts.', example: 'QUOTA_EXCEEDED' }),
      message: z.string().meta({ description: 'What went wrong and what to do, in words.' }),
      details: z.record(z.string(), z.unknown()),
      timestamp: time,
      correlationId: z.string(),
    }),
  })
  .meta({ id: 'Error' });

export const Problem = ErrorReply.extend({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
}).meta({ id: 'Problem', description: 'The same error for clients that accept application/problem+json (RFC 9457).' });
