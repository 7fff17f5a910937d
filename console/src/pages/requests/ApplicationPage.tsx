import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { cartConsent, cartGet, cartSubmit } from "../../api/calls";
import { useWrite } from "../../api/query";
import type { Cart } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { ClockMark, StateMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { moment } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

export function ApplicationPage() {
  const { id = "" } = useParams();
  const cart = useQuery({ queryKey: ["application", id], queryFn: () => cartGet(id) });
  if (cart.isPending) return <Loading />;
  if (cart.isError) return <Failed error={cart.error} />;
  return <ApplicationView cart={cart.data} />;
}

/** The parent and its requests, grouped by provider; what can be done to all of them at once is offered once. */
function ApplicationView({ cart }: { cart: Cart }) {
  const { t } = useTranslation(["requests", "common"]);
  const requests = cart.providers.flatMap((group) => group.requests);
  const toSubmit = requests.filter((each) => each.allowed.includes("submit"));
  const toConsent = requests.filter((each) => each.allowed.includes("consent"));
  const submit = useWrite(() => cartSubmit(cart.id, toSubmit));
  const consent = useWrite(() => cartConsent(cart.id, toConsent));
  const error = submit.error ?? consent.error;
  return (
    <>
      <PageHead
        title={t("application.title", { number: cart.number })}
        lead={`${cart.requester.name} · ${cart.drafted_by_name} · ${moment(cart.at)}`}
        trail={[{ to: paths.requests, text: t("title") }]}
        actions={
          <>
            {toSubmit.length > 0 ? (
              <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(undefined)}>
                {t("application.submit", { count: toSubmit.length })}
              </Button>
            ) : null}
            {toConsent.length > 0 ? (
              <Button type="primary" loading={consent.isPending} onClick={() => consent.mutate(undefined)}>
                {t("application.consent", { count: toConsent.length })}
              </Button>
            ) : null}
          </>
        }
      />
      {error ? <ProblemAlert error={error} /> : null}
      {cart.providers.map((group) => (
        <Panel key={group.provider.id} title={group.provider.name} flush>
          <DataTable
            caption={group.provider.name}
            rows={group.requests}
            rowKey={(row) => row.id}
            empty={t("empty")}
            columns={[
              { key: "clock", title: t("clock"), narrow: true, cell: (row) => <ClockMark clock={row.clock} /> },
              { key: "entry", title: t("entry"), main: true, cell: (row) => <Link to={paths.request(row.id)}>{row.entry_name}</Link> },
              { key: "number", title: t("number"), cell: (row) => <code>{row.number}</code> },
              { key: "state", title: t("state"), narrow: true, cell: (row) => <StateMark list="request_state" state={row.state} /> },
            ]}
          />
        </Panel>
      ))}
    </>
  );
}
