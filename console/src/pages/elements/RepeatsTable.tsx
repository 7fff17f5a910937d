import { CheckCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DataElement, RepeatedElement, RepeatedItem } from "../../api/types";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Mark } from "../../ui/Mark";
import { ElementCase } from "./ElementsTable";

interface RepeatsTableProps {
  repeats: RepeatedElement[];
  elements: DataElement[];
  mayDesignate: boolean;
}

/** As a department writes it: the element's own name is without spaces, case and punctuation. */
const titleOf = (repeat: RepeatedElement) => repeat.items.find(({ title }) => title !== "")?.title ?? repeat.element;

/** The case that already hears the departments about one of these very items. */
const heardIn = (repeat: RepeatedElement, elements: DataElement[]) =>
  elements.find((element) => !element.source && element.carriers.some((one) => repeat.items.some(({ entry, item }) => one.entry === entry && one.item === item)));

/** What several departments state they collect: leads for a human, never a verdict. */
export function RepeatsTable({ repeats, elements, mayDesignate }: RepeatsTableProps) {
  const { t } = useTranslation("elements");
  return (
    <DataTable
      caption={t("repeats")}
      rows={repeats}
      rowKey={(row) => row.element}
      empty={t("no_repeats")}
      columns={[
        { key: "element", title: t("element"), main: true, cell: titleOf },
        { key: "who", title: t("who_collects"), cell: (row) => <Collected repeat={row} /> },
        { key: "source", title: t("source"), cell: (row) => <SourceOf repeat={row} heard={heardIn(row, elements)} mayDesignate={mayDesignate} /> },
      ]}
    />
  );
}

function Collected({ repeat: { items, source } }: { repeat: RepeatedElement }) {
  const { t } = useTranslation("elements");
  return (
    <ul className="plain-list">
      {items.map((each) => (
        <li key={`${each.entry} ${each.item}`} className="in-text">
          {each.provider.name}
          {each.provider.id === source?.id ? (
            <>
              {" "}
              <Mark tone="good" icon={<CheckCircleOutlined />}>
                {t("is_source")}
              </Mark>
            </>
          ) : null}
          {" · "}
          <Link to={paths.entry(each.entry)}>{each.entry_name}</Link>
          <Basis item={each} />
        </li>
      ))}
    </ul>
  );
}

function Basis({ item: { item, basis, personal } }: { item: RepeatedItem }) {
  const { t } = useTranslation("elements");
  return (
    <span className="muted small element-basis">
      <code>{item}</code> · {t("basis", { title: basis.title, article: basis.article ?? "" })}
      {personal ? ` · ${t("personal")}` : null}
    </span>
  );
}

function SourceOf({ repeat, heard, mayDesignate }: { repeat: RepeatedElement; heard: DataElement | undefined; mayDesignate: boolean }) {
  const { t } = useTranslation("elements");
  if (repeat.source) {
    return (
      <span className="two-lines">
        <b>{repeat.source.name}</b>
        <span className="muted small">{t("shared_by", { source: repeat.source.name })}</span>
      </span>
    );
  }
  if (heard) {
    return (
      <span className="in-text">
        {t("consulting")} <ElementCase element={heard} />
      </span>
    );
  }
  const title = titleOf(repeat);
  const begun = { element: title, carrier: repeat.items.map(({ entry, item }) => `${entry}:${item}`) };
  return (
    <span className="two-lines">
      <span className="muted">{t("no_source")}</span>
      {mayDesignate ? (
        <Link className="nowrap" to={paths.caseNew("source_designation", begun)} aria-label={t("designate_this", { element: title })}>
          {t("designate")}
        </Link>
      ) : null}
    </span>
  );
}
