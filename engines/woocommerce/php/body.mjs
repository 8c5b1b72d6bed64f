/** The largest body that a request may have. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * The whole body of a request, whether its length was announced or not.
 * @returns null when it is larger than `limit`; the rest of it is left unread
 */
export async function readBody(request, limit = MAX_BODY_BYTES) {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null;
  const chunks = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
