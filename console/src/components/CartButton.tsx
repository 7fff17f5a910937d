import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CART_MAX, cartAdd, cartRemove, useCart } from "../forms/cart-store";
import { paths } from "../paths";

/** Puts an entry into the application for several entries, or takes it out again. */
export function CartButton({ entry, block = false }: { entry: string; block?: boolean }) {
  const { t } = useTranslation("requests");
  const cart = useCart();
  const isIn = cart.includes(entry);
  return (
    <Button size={block ? "middle" : "small"} block={block} disabled={!isIn && cart.length >= CART_MAX} onClick={() => (isIn ? cartRemove(entry) : cartAdd(entry))}>
      {isIn ? t("cart.remove") : t("cart.add")}
    </Button>
  );
}

/** The way to the application, once something is in it. */
export function CartLink() {
  const { t } = useTranslation("requests");
  const cart = useCart();
  if (cart.length === 0) return null;
  return (
    <Link className="button-link primary" to={paths.cart}>
      {t("cart.open", { count: cart.length })}
    </Link>
  );
}
