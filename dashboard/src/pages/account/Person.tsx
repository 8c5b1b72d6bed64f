import type { ReactNode } from 'react';
import type { Me } from '../../api/types.ts';
import { Day } from '../../ui/Day.tsx';
import classes from './Person.module.css';
import { Section } from '../../ui/Section.tsx';

const ROLES: Record<Me['user']['role'], string> = {
  admin: 'Admin: you see all stores, and let people in.',
  member: 'Member: you make and run your own stores.',
};

export function Person({ me: { user, credential, limits } }: { me: Me }) {
  return (
    <Section title="You">
      <dl className={classes.facts}>
        <Fact name="E-mail">{user.email}</Fact>
        <Fact name="Role">{ROLES[user.role]}</Fact>
        <Fact name="Stores">Up to {limits.stores}</Fact>
        {credential.expiresAt !== null && (
          <Fact name="Signed in">
            until <Day at={credential.expiresAt} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
