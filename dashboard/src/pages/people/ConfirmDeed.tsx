import { Text } from '@mantine/core';
import type { User } from '../../api/types.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { useDeed, type Deed } from './deeds.ts';

/** Only what hurts is asked about; the rest is undone as easily as it is done. */
const WORDS: Partial<Record<Deed, { title: (email: string) => string; action: string; effect: string }>> = {
  suspend: {
    title: (email) => `Suspend ${email}?`,
    action: 'Suspend',
    effect:
      'They are signed out everywhere at once, and their API keys and sign-in links stop working. Their stores go on ' +
      'selling. You can let them in again.',
  },
  remove: {
    title: (email) => `Remove ${email}?`,
    action: 'Remove',
    effect:
      'Their password, sessions and API keys are gone for good; what they did stays in the audit log. Somebody who ' +
      'has stores can’t be removed: delete the stores first, or suspend the person, and their stores go on selling.',
  },
};

interface Props {
  subject: { deed: Deed; user: User } | null;
  opened: boolean;
  close: () => void;
}

export function ConfirmDeed({ subject, opened, close }: Props) {
  const change = useDeed({ shown: true });
  const words = subject && WORDS[subject.deed];
  const leave = () => {
    change.reset();
    close();
  };
  return (
    <Confirm
      opened={opened}
      title={words?.title(subject?.user.email ?? '') ?? ''}
      action={words?.action ?? ''}
      pending={change.isPending}
      error={change.error}
      onConfirm={() => subject && change.mutate(subject, { onSuccess: close })}
      onClose={leave}
    >
      <Text>{words?.effect}</Text>
    </Confirm>
  );
}
