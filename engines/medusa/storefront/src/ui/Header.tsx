import { Link } from 'wouter';
import { countItems } from '../cart/maths.ts';
import { useCart } from '../cart/CartContext.tsx';
import { useShop } from '../shop/ShopContext.tsx';
import { Icon } from './Icon.tsx';

export function Header() {
  const { shop } = useShop();
  const count = countItems(useCart().cart);
  return (
    <header className="header">
      <div className="wrap">
        <Link href="/" className="brand">
          {shop.name}
        </Link>
        <nav aria-label="Shop">
          <Link href="/cart" className="cart-link">
            <Icon name="bag" />
            Cart {count > 0 && <span className="count">{count}</span>}
            <span className="visually-hidden"> {count > 0 ? unit(count) : '(empty)'}</span>
          </Link>
        </nav>
      </div>
    </header>
  );
}

const unit = (count: number) => (count === 1 ? 'item' : 'items');
