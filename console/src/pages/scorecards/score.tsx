import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ScoreAim, ScoreLight, ScoreMeasure } from "../../api/types";
import type { resources } from "../../i18n/resources";
import { paths } from "../../paths";
import { lightLook, Mark } from "../../ui/Mark";

type Name = keyof (typeof resources)["zh-CN"]["scorecards"]["name"];

/** The words of an indicator: its name with its code, and its formula. */
export function useIndicator() {
  const { t } = useTranslation("scorecards");
  // A point in a key of the texts would begin a level of its own.
  const key = (code: string) => code.replace(".", "_") as Name;
  return {
    name: (code: string) => t(`name.${key(code)}`),
    how: (code: string) => t(`how.${key(code)}`),
  };
}

const HUNDRED = 100;

/** A value in hundredths, in words. */
export function useScoreValue() {
  const { t } = useTranslation("scorecards");
  return (value: number | null, measure: ScoreMeasure): string => {
    if (value === null) return "—";
    const shown = String(value / HUNDRED);
    return measure === "share" ? t("share", { value: shown }) : t("days", { value: shown, count: value / HUNDRED });
  };
}

/** What an indicator aims at, in words. */
export function useTarget() {
  const { t } = useTranslation("scorecards");
  const inWords = useScoreValue();
  return (aim: ScoreAim, target: number | null, measure: ScoreMeasure): string =>
    aim === "watch" || target === null ? t("watch") : t(aim, { target: inWords(target, measure) });
}

/** A light: icon, colour and word; `value` in place of the word where there is little room, the word for those who hear it. */
export function ScoreMark({ light, value }: { light: ScoreLight | null; value?: string }) {
  const { t } = useTranslation("scorecards");
  if (!light) return <span className="muted">{value ?? "—"}</span>;
  const look = lightLook(light);
  return (
    <Mark tone={look.tone} icon={look.icon}>
      {value ?? t(`light.${light}`)}
      {value ? <span className="visually-hidden"> {t(`light.${light}`)}</span> : null}
    </Mark>
  );
}

/** Where a case behind a number is read; its id says what it is. */
const PLACES: [string, (id: string) => string][] = [
  ["req_", paths.request],
  ["cat_", paths.entry],
  ["cas_", paths.case],
];

/** The number of a request, a case or an entry, and the way to it. */
export function CaseLink({ id, number }: { id: string; number: string }) {
  const place = PLACES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? paths.case;
  return <Link to={place(id)}>{number || id}</Link>;
}
