import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { makeQueryClient } from './query-client.ts';
import { reloadAfterUpgrade } from './reload-after-upgrade.ts';
import { makeRouter } from './router.tsx';
import { theme } from './theme.ts';

reloadAfterUpgrade();

/** All that a page asks for may be refused at once, of which the first remembers where that was. */
const client = makeQueryClient(() => {
  const { pathname, href } = router.latestLocation;
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { from: href } });
});
const router = makeRouter(client);

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toaster position="bottom-right" closeButton />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
