import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import classes from './Store.module.css';

/** As many for every secret, so that they don't tell its length. */
const DOTS = '•'.repeat(12);

export function ValueRow({ title, value, children }: { title: string; value: string; children?: ReactNode }) {
  return (
    <div className={classes.row}>
      <dt>{title}</dt>
      <dd className={classes.value}>{children ?? value}</dd>
      <dd>
        <CopyButton value={value} label={`Copy: ${title}`} />
      </dd>
    </div>
  );
}

/** Hidden from whoever looks over a shoulder; it can be copied without being shown. */
export function SecretRow({ title, value }: { title: string; value: string }) {
  const [shown, setShown] = useState(false);
  const toggle = (
    <Button
      variant="subtle"
      size="compact-xs"
      aria-label={`${shown ? 'Hide' : 'Show'}: ${title}`}
      onClick={() => setShown(!shown)}
    >
      {shown ? 'Hide' : 'Show'}
    </Button>
  );
  return (
    <ValueRow title={title} value={value}>
      {shown ? (
        value
      ) : (
        <span aria-label="hidden" role="img">
          {DOTS}
        </span>
      )}{' '}
      {toggle}
    </ValueRow>
  );
}
