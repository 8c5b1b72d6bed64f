import { useShop } from '../shop/ShopContext.tsx';

const YEAR = new Date().getFullYear();

export function Footer() {
  const { shop } = useShop();
  return (
    <footer className="footer">
      <div className="wrap">
        <p>
          © {YEAR} {shop.name}
        </p>
        {shop.adminUrl && <a href={shop.adminUrl}>Shop owner sign-in</a>}
      </div>
    </footer>
  );
}
