import type { ReactNode } from 'react';

interface Props {
  title: string;
  children?: ReactNode;
  /** An error is read out as it appears. */
  alert?: boolean;
}

/** A page that has nothing to list: empty, missing or broken, with a way on. */
export function Blank({ title, children, alert }: Props) {
  return (
    <div className="blank" role={alert ? 'alert' : undefined}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}
