import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError, fieldProblem } from '../../api/errors.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';

/** Why nothing was ordered, beside the button, with what to do. Trouble with a field is shown at the field. */
export function Trouble({ error }: { error: Error | null }) {
  if (error === null || fieldProblem(error, 'name') !== null) return null;
  if (!(error instanceof ApiError)) return <ErrorPanel error={error} />;
  if (error.code === 'QUOTA_EXCEEDED') return <Full text={error.message} />;
  if (error.code === 'RATE_LIMITED') return <TooFast key={error.retryAt?.getTime()} until={error.retryAt} />;
  if (error.status === 0) {
    return (
      <Notice title="The platform does not answer">
        Nothing that you typed is lost. Press the button again in a moment: it will not make a second store.
      </Notice>
    );
  }
  return <ErrorPanel title="The store was not created" error={error} />;
}

/** There is no room for another store. */
export function Full({ text }: { text: string }) {
  return (
    <Notice title="No room for another store">
      {text}{' '}
      <Anchor component={Link} to="/" inherit c="inherit" underline="always">
        See your stores
      </Anchor>
    </Notice>
  );
}

function TooFast({ until }: { until: Date | null }) {
  const over = useOver(until);
  if (over) return <Notice title="You can go on">Press the button again to create the store.</Notice>;
  const when = until === null ? 'in a minute' : `at ${until.toLocaleTimeString()}`;
  return (
    <Notice title="That was quick">
      Only so many stores can be ordered in a minute. Yours is kept as you typed it; try again {when}.
    </Notice>
  );
}

/** Whether the moment has come. */
function useOver(moment: Date | null): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (moment === null) return undefined;
    const timer = setTimeout(() => setOver(true), moment.getTime() - Date.now());
    return () => clearTimeout(timer);
  }, [moment]);
  return over;
}

/** An order was sent before the page was loaded again, and its answer got lost. */
export function Unanswered({ name }: { name: string }) {
  return (
    <Notice title="Was it created?">
      You ordered “{name}”, and this page was loaded again before the answer came. Press the button to go on: it will
      not make a second store.
    </Notice>
  );
}

const READABLE = { title: { color: 'var(--mantine-color-text)' } };

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert color="yellow" variant="light" role="alert" title={title} styles={READABLE}>
      <Text size="sm">{children}</Text>
    </Alert>
  );
}
