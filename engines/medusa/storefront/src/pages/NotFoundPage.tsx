import { Link } from 'wouter';
import { useShop } from '../shop/ShopContext.tsx';
import { Blank } from '../ui/Blank.tsx';
import { usePage } from '../ui/usePage.ts';

interface Props {
  title?: string;
  words?: string;
}

export function NotFoundPage({
  title = 'We can’t find that page',
  words = 'It may have moved, or the address has a typo.',
}: Props) {
  const { shop } = useShop();
  usePage('Not found', shop.name);
  return (
    <Blank title={title}>
      <p>{words}</p>
      <Link href="/" className="button primary">
        Browse products
      </Link>
    </Blank>
  );
}
