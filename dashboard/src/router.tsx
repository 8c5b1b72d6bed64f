import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { meQuery } from './api/queries.ts';
import { NotFound } from './shell/NotFound.tsx';
import { PageError } from './shell/PageError.tsx';
import { Shell } from './shell/Shell.tsx';

/* Every page has its own file of scripts, which is loaded when somebody goes there. */

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ from }: { from?: unknown }): { from?: string } =>
    typeof from === 'string' && /^\/(?![/\\])/.test(from) ? { from } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in/SignIn.tsx'), 'SignIn'),
});

/** Everything that needs somebody to be signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  loader: ({ context }) => context.client.ensureQueryData(meQuery),
  component: Shell,
});

const page = <Path extends string>(
  path: Path,
  load: () => Promise<Record<string, React.ComponentType>>,
  name: string,
) => createRoute({ getParentRoute: () => signedIn, path, component: lazyRouteComponent(load, name) });

const stores = page('/', () => import('./pages/stores/Stores.tsx'), 'Stores');
const newStore = page('/stores/new', () => import('./pages/new-store/NewStore.tsx'), 'NewStore');
const store = page('/stores/$id', () => import('./pages/store/StorePage.tsx'), 'StorePage');
const live = page('/live', () => import('./pages/live/Live.tsx'), 'Live');
const account = page('/account', () => import('./pages/account/Account.tsx'), 'Account');
const people = page('/people', () => import('./pages/people/People.tsx'), 'People');
const system = page('/system', () => import('./pages/system/System.tsx'), 'System');

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      signedIn.addChildren([stores, newStore, store, live, account, people, system]),
    ]),
    context: { client },
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
