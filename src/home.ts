import { accessSync, constants } from 'node:fs';
import { errorText } from './errors.ts';
import { makeHome } from './runtimes/local/folders.ts';
import { HomeInUseError, lockHome, type HomeLock } from './runtimes/local/home-lock.ts';

/**
 * Makes the folder of all state and takes it for this process alone (trap 5). Rejects with what to do when it can't be
 * used, or is in use.
 */
export async function openHome(home: string): Promise<HomeLock> {
  try {
    await makeHome(home, process.getuid?.() === 0);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return await lockHome(home);
  } catch (error) {
    const inWords = error instanceof HomeInUseError || (error as NodeJS.ErrnoException).code === undefined;
    if (inWords) throw error;
    throw new Error(
      `The home ${home} can't be used: ${errorText(error)}. Set STORE_PLATFORM_HOME to a folder of yours.`,
      { cause: error },
    );
  }
}
