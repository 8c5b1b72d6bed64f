import { Alert, Button, Group, Text } from '@mantine/core';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import type { Connection } from './feed.ts';
import { Loading } from './Loading.tsx';

interface Props {
  /** How the last attempt ended; null for the first one. */
  failure: Connection | null;
  onRetry: () => void;
  /** Where one store alone is wanted: leads to all. */
  onAll: (() => void) | null;
}

/** In place of the figures, while none have come yet. */
export function NotYet({ failure, onRetry, onAll }: Props) {
  if (failure === null) return <Loading />;
  const title = 'The live orders could not be loaded';
  return (
    <>
      {failure.state === 'refused' ? (
        <ErrorPanel title={title} error={failure.error} />
      ) : (
        <Alert color="red" variant="light" role="alert" title={title}>
          <Text size="sm">
            {failure.state === 'offline'
              ? 'This device has no network. It goes on by itself when there is one.'
              : onAll
                ? 'The connection was not accepted. Perhaps this store is not there any more.'
                : 'The connection was not accepted. A proxy between here and the platform may not let WebSockets through.'}
          </Text>
        </Alert>
      )}
      <Group mt="md">
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
        {onAll && (
          <Button variant="default" onClick={onAll}>
            Show all stores
          </Button>
        )}
      </Group>
    </>
  );
}
