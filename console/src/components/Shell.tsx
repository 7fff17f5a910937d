import { MenuOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import type { Session } from "../api/types";
import { paths } from "../paths";
import { Nav } from "./Nav";
import { PersonMenu } from "./PersonMenu";
import { Reminders } from "./Reminders";

/** The frame of every page: skip link, head, navigation, content. */
export function Shell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  // A new page begins at its top, and so does whoever reads it aloud.
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className="shell">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("skip")}
      </a>
      <header className="top">
        <Button className="top-menu" type="text" icon={<MenuOutlined aria-hidden="true" />} aria-label={t("nav.open")} onClick={() => setOpen(true)} />
        <Link to={paths.workbench} className="brand">
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span className="brand-name">{t("brand")}</span>
          <span className="brand-node">{session.node.name}</span>
        </Link>
        <Reminders />
        <PersonMenu session={session} />
      </header>
      <div className="side">
        <nav className="side-inner" aria-label={t("nav.label")}>
          <Nav session={session} />
        </nav>
      </div>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={288} title={t("nav.label")} className="side-drawer">
        <nav aria-label={t("nav.label")}>
          <Nav session={session} go={() => setOpen(false)} />
        </nav>
      </Drawer>
      <main id="content" className="content" tabIndex={-1} ref={main}>
        <Outlet />
      </main>
    </div>
  );
}
