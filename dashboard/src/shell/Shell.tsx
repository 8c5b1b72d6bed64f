import { AppShell, Button, Container, Group, Menu, UnstyledButton } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { LiveProvider } from '../api/live.tsx';
import { meQuery } from '../api/queries.ts';
import { Mark } from '../ui/Mark.tsx';
import { ColourSwitch } from './ColourSwitch.tsx';
import { LiveSign } from './LiveSign.tsx';
import { Palette, openPalette } from './Palette.tsx';
import classes from './Shell.module.css';
import { useSignOut } from './sign-out.ts';

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { user } = useSuspenseQuery(meQuery).data;
  const admin = user.role === 'admin';
  return (
    <LiveProvider>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell header={{ height: 56 }} padding={0}>
        <AppShell.Header>
          <Container size="lg" h="100%">
            <Group h="100%" justify="space-between" wrap="nowrap">
              <Group gap="lg" wrap="nowrap">
                <Link to="/" className={classes.brand}>
                  <Mark /> <span className={classes.name}>Store Platform</span>
                </Link>
                <Group component="nav" aria-label="Main" gap="md" wrap="nowrap" visibleFrom="sm">
                  <NavLink to="/">Stores</NavLink>
                  <NavLink to="/live">Live</NavLink>
                  {admin && <NavLink to="/people">People</NavLink>}
                  {admin && <NavLink to="/system">System</NavLink>}
                </Group>
              </Group>
              <Group gap="xs" wrap="nowrap">
                <LiveSign />
                <Button variant="default" size="xs" onClick={openPalette} visibleFrom="sm">
                  Search <kbd className={classes.keys}>Ctrl K</kbd>
                </Button>
                <ColourSwitch />
                <UserMenu email={user.email} admin={admin} />
              </Group>
            </Group>
          </Container>
        </AppShell.Header>
        <AppShell.Main id="main" tabIndex={-1}>
          <Container size="lg" py="xl">
            <Outlet />
          </Container>
        </AppShell.Main>
      </AppShell>
      <Palette admin={admin} />
    </LiveProvider>
  );
}

function NavLink({ to, children }: { to: '/' | '/live' | '/people' | '/system'; children: string }) {
  return (
    <Link to={to} className={classes.link} activeOptions={{ exact: to === '/' }}>
      {children}
    </Link>
  );
}

function UserMenu({ email, admin }: { email: string; admin: boolean }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={`Account of ${email}`}>
          {email[0]?.toUpperCase()}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        <Menu.Item component={Link} to="/">
          Stores
        </Menu.Item>
        <Menu.Item component={Link} to="/live">
          Live orders
        </Menu.Item>
        <Menu.Item component={Link} to="/account">
          Account and API keys
        </Menu.Item>
        {admin && (
          <Menu.Item component={Link} to="/people">
            People
          </Menu.Item>
        )}
        {admin && (
          <Menu.Item component={Link} to="/system">
            System
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/api-docs">
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
