import type { Setting } from './arguments.d.mts';

export function foldersToMount(
  needs: {
    settings: readonly Setting[];
    files?: readonly string[];
    folders?: readonly string[];
    env: Readonly<Record<string, string | undefined>>;
  },
  isFolder?: (path: string) => boolean,
): string[];
