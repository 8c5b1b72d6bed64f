import type { Assets } from '../../src/assets/assets.ts';

/** For engines that need no downloads. */
export const noDownloads: Assets = {
  ensureAll: () => Promise.reject(new Error('Nothing is to be downloaded here')),
};
