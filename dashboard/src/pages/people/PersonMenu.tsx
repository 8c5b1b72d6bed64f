import { ActionIcon, Menu } from '@mantine/core';
import type { User } from '../../api/types.ts';
import type { Deed } from './deeds.ts';

interface Props {
  user: User;
  pending: boolean;
  onLink: () => void;
  onAsk: (deed: Deed) => void;
  onDo: (deed: Deed) => void;
}

/** It opens inside the table, and so inside the page's main part, where screen readers look for it. */
export function PersonMenu({ user: { email, role, suspended }, pending, onLink, onAsk, onDo }: Props) {
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" loading={pending} aria-label={`Actions for ${email}`}>
          <Dots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown ta="left">
        <Menu.Item disabled={suspended} onClick={onLink}>
          {suspended ? 'New sign-in link (let them in again first)' : 'New sign-in link'}
        </Menu.Item>
        {role === 'admin' ? (
          <Menu.Item onClick={() => onDo('demote')}>Make a member</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onDo('promote')}>Make an admin</Menu.Item>
        )}
        {suspended ? (
          <Menu.Item onClick={() => onDo('unsuspend')}>Let in again</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onAsk('suspend')}>Suspend…</Menu.Item>
        )}
        <Menu.Item onClick={() => onAsk('remove')}>Remove…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Dots() {
  return (
    <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" fill="currentColor">
      <circle cx="5" cy="12" r="2" />
      <circle cx="12" cy="12" r="2" />
      <circle cx="19" cy="12" r="2" />
    </svg>
  );
}
