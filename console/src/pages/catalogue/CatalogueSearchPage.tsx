import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { catalogueList, organisationsList } from "../../api/calls";
import type { EntryHit, SharingAttribute } from "../../api/types";
import { CartButton, CartLink } from "../../components/CartButton";
import { GradeMark, StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { usePages } from "../../components/usePages";
import { CatalogueExport } from "../../forms/catalogue-export";
import { day } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";

const ATTRIBUTES = ["unconditional", "conditional", "not_shared"] as const;

interface Asked {
  q: string;
  attribute: SharingAttribute | "";
  provider: string;
}

/** One box and two filters; the address holds what was asked, so that a search can be handed on. */
export function CatalogueSearchPage() {
  const { t } = useTranslation(["catalogue", "common"]);
  const [search, setSearch] = useSearchParams();
  const asked: Asked = {
    q: search.get("q") ?? "",
    attribute: ATTRIBUTES.find((each) => each === search.get("attribute")) ?? "",
    provider: search.get("provider") ?? "",
  };
  const list = usePages<EntryHit>(["catalogue", "published", asked], (after) => catalogueList({ scope: "published", q: asked.q, attribute: asked.attribute || undefined, provider: asked.provider || undefined, after }));
  const set = (change: Partial<Asked>) => {
    const all = Object.entries({ ...asked, ...change }).filter(([, value]) => value !== "");
    setSearch(new URLSearchParams(all), { replace: true });
  };
  return (
    <>
      <PageHead
        title={t("search.title")}
        lead={t("search.lead")}
        actions={
          <>
            <CartLink />
            <CatalogueExport query={{ scope: "published", q: asked.q, attribute: asked.attribute || undefined, provider: asked.provider || undefined }} />
          </>
        }
      />
      <SearchBox key={asked.q} value={asked.q} onSearch={(q) => set({ q })} />
      <div className="columns columns-facets">
        <Facets asked={asked} set={set} />
        <section aria-labelledby="results">
          <h2 id="results" className="results-head">
            <span role="status">{list.isPending ? t("common:loading") : list.hasMore ? t("search.results_more", { count: list.rows.length }) : t("search.results", { count: list.rows.length })}</span>
          </h2>
          {list.error ? <ProblemAlert error={list.error} /> : null}
          {!list.isPending && !list.error && list.rows.length === 0 ? <p className="table-empty">{t("search.empty")}</p> : null}
          <ul className="hits">
            {list.rows.map((hit) => (
              <li key={hit.id}>
                <Hit hit={hit} />
              </li>
            ))}
          </ul>
          <More list={list} />
        </section>
      </div>
    </>
  );
}

function SearchBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const [text, setText] = useState(value);
  return (
    <form
      role="search"
      className="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <Input
        size="large"
        allowClear
        aria-label={t("search.box")}
        placeholder={t("search.placeholder")}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="primary" size="large" htmlType="submit" icon={<SearchOutlined aria-hidden="true" />}>
        {t("common:search")}
      </Button>
    </form>
  );
}

interface FacetsProps {
  asked: Asked;
  set: (change: Partial<Asked>) => void;
}

function Facets({ asked, set }: FacetsProps) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: () => organisationsList(), staleTime: 300_000 });
  return (
    <section aria-label={t("search.facets")} className="facets">
      <fieldset>
        <legend>{t("search.attribute")}</legend>
        {(["", ...ATTRIBUTES] as const).map((attribute) => (
          <label key={attribute} className="facet">
            <input type="radio" name="attribute" checked={asked.attribute === attribute} onChange={() => set({ attribute })} />
            <span>{attribute === "" ? t("search.any") : words("sharing_attribute", attribute)}</span>
          </label>
        ))}
      </fieldset>
      <div>
        <label htmlFor="facet-provider" className="facet-title">
          {t("search.provider")}
        </label>
        <Select
          id="facet-provider"
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("search.any")}
          value={asked.provider || undefined}
          onChange={(provider?: string) => set({ provider: provider ?? "" })}
          options={(organisations.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
        />
      </div>
      {asked.attribute || asked.provider || asked.q ? (
        <Button onClick={() => set({ q: "", attribute: "", provider: "" })}>{t("common:reset")}</Button>
      ) : null}
    </section>
  );
}

function Hit({ hit }: { hit: EntryHit }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  return (
    <article className="hit">
      <div className="hit-head">
        <h3>
          <Link to={paths.entry(hit.id)}>{hit.name}</Link>
        </h3>
        <StateMark list="access" state={hit.access} />
        {hit.access === "apply" || hit.access === "direct" ? <CartButton entry={hit.id} /> : null}
      </div>
      <p className="hit-summary">{hit.summary}</p>
      <p className="hit-facts">
        <span>{hit.provider.name}</span>
        <span>{words("sharing_attribute", hit.sharing_attribute)}</span>
        <GradeMark grade={hit.grade} />
        <span>{words("update_frequency", hit.update_frequency)}</span>
        <span>{hit.methods.map((method) => words("method", method)).join(" · ")}</span>
        {hit.published_at ? <span>{t("search.published", { date: day(hit.published_at) })}</span> : null}
        {hit.matched.length > 0 ? (
          <span className="hit-matched">{t("search.matched", { fields: hit.matched.map((field) => words("matched", field)).join(" · ") })}</span>
        ) : null}
      </p>
    </article>
  );
}
