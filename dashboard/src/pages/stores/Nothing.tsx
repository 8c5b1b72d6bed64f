import { Button, List, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import classes from './Stores.module.css';

/** For somebody who has no store yet. */
export function Invitation() {
  return (
    <section className={classes.invitation} aria-labelledby="invitation">
      <Shopfront />
      <Title order={2} size="h3" id="invitation">
        Your first shop is a name away
      </Title>
      <Text c="dimmed" maw="34rem">
        Choose a name, and a real online shop is made for you, usually in less than a minute:
      </Text>
      <List ta="start" spacing={4}>
        <List.Item>a storefront with products, a cart and a checkout</List.Item>
        <List.Item>an admin of its own, with a login made for it alone</List.Item>
        <List.Item>an address that you can open and share</List.Item>
        <List.Item>tested by buying something in it before you get it</List.Item>
      </List>
      <Button component={Link} to="/stores/new" size="md">
        Create your first store
      </Button>
    </section>
  );
}

/** For somebody whose search finds nothing. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <section className={classes.invitation} aria-labelledby="no-match">
      <Title order={2} size="h4" id="no-match">
        No store matches
      </Title>
      <Text c="dimmed">Nothing is called so, or has this status and engine.</Text>
      <Button variant="default" onClick={onClear}>
        Clear filters
      </Button>
    </section>
  );
}

function Shopfront() {
  return (
    <svg
      viewBox="0 0 96 72"
      width="96"
      height="72"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    >
      <path d="M14 30v36h68V30" opacity="0.5" />
      <path d="M12 6h72l8 18v4a9 9 0 0 1-17.6 2.6A9 9 0 0 1 57 31a9 9 0 0 1-18 0 9 9 0 0 1-17.4-.4A9 9 0 0 1 4 28v-4z" />
      <path d="M24 44h22v14H24zM58 66V44h14v22" opacity="0.5" />
    </svg>
  );
}
