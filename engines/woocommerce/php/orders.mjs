/** As much of an answer as PHP writes to its log. */
const LONGEST_ANSWER = 2_000;

/**
 * The one way out for PHP, which can open no connection itself: what it says of its orders goes to `url`, and nowhere
 * else. Takes `{ headers, body, seconds }` as JSON text, and answers `{ status, body }`, with status 0 where nobody has
 * answered in time.
 */
export function ordersMessenger(url) {
  return async (text) => {
    const { headers, body, seconds } = JSON.parse(text);
    return JSON.stringify(await post(url, { headers, body, signal: AbortSignal.timeout(seconds * 1000) }));
  };
}

async function post(url, request) {
  try {
    const answer = await fetch(url, { ...request, method: 'POST', redirect: 'manual' });
    return { status: answer.status, body: (await answer.text()).slice(0, LONGEST_ANSWER) };
  } catch (error) {
    return { status: 0, body: String(error?.cause?.message ?? error) };
  }
}
