import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

/** Something the shopper should know now; read out at once. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <div className="notice" role="alert">
      <Icon name="alert" />
      <div>{children}</div>
    </div>
  );
}
