import { Button } from "antd";
import { useTranslation } from "react-i18next";

interface MoreProps {
  list: { hasMore: boolean; more: () => void; isMoving: boolean; rows: unknown[] };
}

/** How many rows are shown, and the way to the next ones. */
export function More({ list }: MoreProps) {
  const { t } = useTranslation();
  if (list.rows.length === 0) return null;
  return (
    <div className="more">
      <span className="muted" role="status">
        {list.hasMore ? t("shown_so_far", { count: list.rows.length }) : t("shown_all", { count: list.rows.length })}
      </span>
      {list.hasMore ? (
        <Button onClick={list.more} loading={list.isMoving}>
          {t("more")}
        </Button>
      ) : null}
    </div>
  );
}
