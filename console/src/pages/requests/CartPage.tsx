import { useQueries } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { cartCreate, entryGet } from "../../api/calls";
import { problemFrom } from "../../api/problem";
import { useWrite } from "../../api/query";
import type { CartEntry, Entry, NewCart, RequestContent } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { cartEmpty, cartRemove, useCart } from "../../forms/cart-store";
import { DateField } from "../../forms/fields";
import { emptyContent, SafetyFields, WhyFields } from "../../forms/request-edit";
import { SystemsField, WhatFields } from "../../forms/request-parts";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";

/** The application for several entries: what is said of all of them once, and of each its items and rows. */
export function CartPage() {
  const { t } = useTranslation(["requests", "common"]);
  const cart = useCart();
  const found = useQueries({ queries: cart.map((id) => ({ queryKey: ["entry", id], queryFn: () => entryGet(id) })) });
  const failed = found.find((each) => each.isError);
  if (failed?.error) return <Failed error={failed.error} />;
  const entries = found.flatMap((each) => (each.data ? [each.data] : []));
  if (entries.length < cart.length) return <Loading />;
  if (entries.length === 0) {
    return (
      <>
        <PageHead title={t("cart.title")} lead={t("cart.lead")} />
        <p className="table-empty">{t("cart.empty")}</p>
        <Link className="button-link primary" to={paths.catalogue}>
          {t("find")}
        </Link>
      </>
    );
  }
  return <CartForm entries={entries} />;
}

type Asked = Partial<Record<string, RequestContent>>;

/** What the application says, in the form that the server takes. */
function cartOf(entries: Entry[], common: RequestContent, asked: (entry: Entry) => RequestContent): NewCart {
  const { basis, scenario, scope_of_use, purpose, systems, valid_from, valid_until, safeguards, contact, attestation } = common;
  const part = (entry: Entry): CartEntry => {
    const { items, rows, method, calls_per_second, rows_per_call, rows_per_day } = asked(entry);
    return { entry: entry.id, items, rows, method, calls_per_second, rows_per_call, rows_per_day };
  };
  return { basis, scenario, scope_of_use, purpose, systems, valid_from, valid_until, safeguards, contact, attestation, entries: entries.map(part) };
}

function CartForm({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation(["requests", "common"]);
  const navigate = useNavigate();
  const { person } = useSession();
  const first = entries[0] as Entry;
  const [common, setCommon] = useState(() => emptyContent(first, person.name));
  const [parts, setParts] = useState<Asked>({});
  const asked = (entry: Entry) => parts[entry.id] ?? emptyContent(entry, person.name);
  const change = (patch: Partial<RequestContent>) => setCommon((before) => ({ ...before, ...patch }));
  const create = useWrite(
    () => cartCreate(cartOf(entries, common, asked)),
    (made) => {
      cartEmpty();
      void navigate(paths.application(made.id));
    },
  );
  const problems = create.error ? (problemFrom(create.error).problems ?? []) : [];
  const problem = (field: string) => (problems.some((each) => each.field?.startsWith(field)) ? t("common:required_look") : null);
  const part = { content: common, change, problem };
  return (
    <>
      <PageHead title={t("cart.title")} lead={t("cart.lead")} trail={[{ to: paths.catalogue, text: t("find") }]} />
      <div className="columns columns-main dense">
        <div>
          <Panel title={t("form.why")}>
            <WhyFields entry={null} {...part} />
          </Panel>
          {entries.map((entry) => (
            <Panel key={entry.id} title={`${entry.name} · ${entry.provider.name}`}>
              <WhatFields entry={entry} content={asked(entry)} change={(patch) => setParts((before) => ({ ...before, [entry.id]: { ...asked(entry), ...patch } }))} problem={problem} />
              <Button onClick={() => cartRemove(entry.id)}>{t("cart.remove")}</Button>
            </Panel>
          ))}
          <Panel title={t("form.how")}>
            <div className="field-grid three">
              <DateField label={t("form.from")} required problem={problem("valid_from")} value={common.valid_from} onChange={(valid_from) => change({ valid_from })} />
              <DateField label={t("form.until")} required problem={problem("valid_until")} value={common.valid_until} onChange={(valid_until) => change({ valid_until })} />
              <SystemsField {...part} />
            </div>
          </Panel>
        </div>
        <div className="side-column">
          <Panel title={t("form.safety")} tone="accent">
            <SafetyFields {...part} />
            {create.error ? <ProblemAlert error={create.error} /> : null}
            <div className="act-buttons">
              <Button type="primary" size="large" block loading={create.isPending} onClick={() => create.mutate(undefined)}>
                {t("cart.create", { count: entries.length })}
              </Button>
            </div>
            <p className="muted small">{t("cart.split")}</p>
          </Panel>
        </div>
      </div>
    </>
  );
}
