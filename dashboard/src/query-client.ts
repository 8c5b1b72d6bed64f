import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiError } from './api/errors.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error;
    /** `shown`: the page itself shows a failure of this mutation, so there is no message for it here. */
    mutationMeta: { shown?: boolean };
  }
}

const TRIES = 3;

/**
 * The one place for what the API refuses. Whoever is not signed in (any more) is led to sign in; what fails otherwise
 * is shown by the page that asked, and by a message where somebody pressed a button.
 */
export function makeQueryClient(leadToSignIn: () => void): QueryClient {
  const notice = (error: Error): boolean => {
    const signedOut = error instanceof ApiError && error.status === 401;
    if (signedOut) leadToSignIn();
    return signedOut;
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => void notice(error) }),
    mutationCache: new MutationCache({
      onError(error, _variables, _context, mutation) {
        if (!notice(error) && mutation.meta?.shown !== true) toast.error(messageOf(error));
      },
    }),
    defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 1000, refetchOnWindowFocus: true } },
  });
}

/** In words, with the time at which the API wants to be asked again. */
export function messageOf(error: Error): string {
  const at = error instanceof ApiError ? error.retryAt : null;
  return at === null ? error.message : `${error.message} Try again at ${at.toLocaleTimeString()}.`;
}

function worthAnotherTry(failures: number, error: Error): boolean {
  const transient = error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return transient && failures < TRIES;
}
