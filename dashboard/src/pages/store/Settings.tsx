import { Button, List, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Store } from '../../api/types.ts';
import { isAllowed } from '../../stores/actions.ts';
import { useDelete } from './mutations.ts';
import classes from './Store.module.css';

export function Settings({ store }: { store: Store }) {
  return (
    <section className={`${classes.card} ${classes.danger}`} aria-labelledby="delete">
      <Title order={2} size="h4" id="delete" mb="xs">
        Delete this store
      </Title>
      <Text size="sm">This can’t be undone. What goes:</Text>
      <List size="sm" my="xs">
        <List.Item>the shop with its products and pages</List.Item>
        <List.Item>all its orders and customers</List.Item>
        <List.Item>its database and its files</List.Item>
        <List.Item>its addresses and its admin login</List.Item>
      </List>
      <DeleteForm store={store} />
    </section>
  );
}

/** The name has to be typed, because a click alone is made too easily. */
function DeleteForm({ store }: { store: Store }) {
  const [typed, setTyped] = useState('');
  const remove = useDelete(store.id);
  const underway = store.status === 'deleting' || remove.isPending;
  const meant = typed.trim() === store.name;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (meant && !underway) remove.mutate();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={`Type “${store.name}” to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maw={420}
        disabled={underway}
      />
      <Button
        type="submit"
        color="red"
        mt="md"
        loading={underway}
        disabled={!meant || !isAllowed(store.status, 'delete')}
      >
        Delete this store
      </Button>
    </form>
  );
}
