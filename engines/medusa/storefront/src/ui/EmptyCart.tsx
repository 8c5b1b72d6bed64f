import { Link } from 'wouter';
import { Blank } from './Blank.tsx';

export function EmptyCart() {
  return (
    <Blank title="Your cart is empty">
      <p>When you find something you like, it will wait for you here.</p>
      <Link href="/" className="button primary">
        Browse products
      </Link>
    </Blank>
  );
}
