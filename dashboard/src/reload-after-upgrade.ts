const MARK = 'reloaded-at';
const ONCE_IN_MS = 60_000;

/**
 * After an upgrade of the platform the files of the pages have other names, and a tab that was open before asks for
 * some that are gone. It is loaded anew then, once, and only while the platform answers: a page that says what is wrong
 * is better than none.
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', () => void reloadOnce());
}

async function reloadOnce(): Promise<void> {
  if (Date.now() - Number(sessionStorage.getItem(MARK)) < ONCE_IN_MS) return;
  const answer = await fetch(window.location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) return;
  sessionStorage.setItem(MARK, String(Date.now()));
  window.location.reload();
}
