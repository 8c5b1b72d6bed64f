import { Alert, Button, CopyButton, Group, Stack, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  secret: string;
  /** What it is good for, and what to mind. */
  warning: ReactNode;
  onDone: () => void;
}

/** A secret that the platform does not keep: now or never. */
export function ShownOnce({ label, secret, warning, onDone }: Props) {
  return (
    <Stack>
      <Alert color="yellow" variant="light">
        {warning}
      </Alert>
      <Textarea
        label={label}
        value={secret}
        readOnly
        rows={3}
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', wordBreak: 'break-all' } }}
      />
      <Group justify="flex-end">
        <CopyButton value={secret} timeout={2000}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
