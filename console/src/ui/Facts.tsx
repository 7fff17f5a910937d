import type { ReactNode } from "react";

export interface Fact {
  term: ReactNode;
  value: ReactNode;
  wide?: boolean;
}

/** Terms and their values, in columns where there is room. */
export function Facts({ facts, columns = 2 }: { facts: Fact[]; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={`facts facts-${columns}`}>
      {facts.map((fact, index) => (
        // The order of facts on a page is fixed, so the place is the key.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={fact.wide ? "fact wide" : "fact"}>
          <dt>{fact.term}</dt>
          <dd>{fact.value === null || fact.value === undefined || fact.value === "" ? "—" : fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
