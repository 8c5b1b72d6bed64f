import { useRef } from 'react';
import { Route, Switch } from 'wouter';
import { CartProvider } from './cart/CartContext.tsx';
import { CartPage } from './pages/CartPage.tsx';
import { CheckoutPage } from './pages/CheckoutPage.tsx';
import { HomePage } from './pages/HomePage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { OrderPage } from './pages/OrderPage.tsx';
import { ProductPage } from './pages/ProductPage.tsx';
import { openShop, ShopProvider } from './shop/ShopContext.tsx';
import { useLoad } from './shop/useLoad.ts';
import { Announcer } from './ui/announce.tsx';
import { Broken } from './ui/Broken.tsx';
import { Footer } from './ui/Footer.tsx';
import { Header } from './ui/Header.tsx';
import { Opening } from './ui/Opening.tsx';
import { useMove } from './ui/useMove.ts';

export function App() {
  const { data: open, error, retry } = useLoad('shop', openShop);
  if (error) {
    return (
      <main>
        <Broken error={error} retry={retry} />
      </main>
    );
  }
  if (!open) return <Opening />;
  return (
    <ShopProvider value={open}>
      <CartProvider>
        <Shell />
      </CartProvider>
    </ShopProvider>
  );
}

function Shell() {
  const main = useRef<HTMLElement>(null);
  useMove(main);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/products/:handle">{({ handle }) => <ProductPage handle={handle} />}</Route>
          <Route path="/cart" component={CartPage} />
          <Route path="/checkout" component={CheckoutPage} />
          <Route path="/orders/:id">{({ id }) => <OrderPage id={id} />}</Route>
          <Route component={NotFoundPageRoute} />
        </Switch>
      </main>
      <Footer />
      <Announcer />
    </>
  );
}

const NotFoundPageRoute = () => <NotFoundPage />;
