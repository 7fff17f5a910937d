import { Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { Clock, Grade, Mask } from "../api/types";
import { useArticle } from "../i18n/article";
import { day, moment } from "../i18n/format";
import { type List, useWords } from "../i18n/words";
import { gradeTone, lightLook, Mark, stateLook } from "../ui/Mark";

export function StateMark({ list, state }: { list: List; state: string }) {
  const words = useWords();
  const look = stateLook(state);
  return (
    <Mark tone={look.tone} icon={look.icon}>
      {words(list, state)}
    </Mark>
  );
}

export function GradeMark({ grade }: { grade: Grade | null | undefined }) {
  const words = useWords();
  if (!grade) return <span className="muted">—</span>;
  return <span className={`grade grade-${gradeTone(grade)}`}>{words("grade", grade)}</span>;
}

/** The words for working days that are left, as the server counted them. */
export function useDaysLeft() {
  const { t } = useTranslation();
  return (clock: Clock): string => {
    if (clock.light === "grey") return t("clock.stopped");
    const left = clock.remaining_working_days;
    if (left < 0) return t("clock.over", { count: -left });
    return left === 0 ? t("clock.today") : t("clock.left", { count: left });
  };
}

/** How long a clock is, and by what: the term and its article, what was added to it, and the rule set that is not the Decree. */
export function ClockRule({ clock }: { clock: Clock }) {
  const { t } = useTranslation();
  const article = useArticle();
  const { working_days: term, extended_by: extension, paused_for: pause } = clock;
  return (
    <>
      <div>{t("clock.rule", { count: term, article: article(clock.article) })}</div>
      {extension + pause > 0 ? (
        <div>
          {t("clock.sum", { count: term + extension + pause })}
          {": "}
          {[t("clock.part_term", { days: term }), ...(extension > 0 ? [t("clock.part_extension", { days: extension })] : []), ...(pause > 0 ? [t("clock.part_pause", { days: pause })] : [])].join(" + ")}
        </div>
      ) : null}
      {clock.counted_from ? <div>{t("clock.counted_from", { moment: moment(clock.counted_from) })}</div> : null}
      {clock.kind && clock.rule_set !== DECREE ? <div>{t("clock.rule_set", { id: clock.rule_set })}</div> : null}
      {clock.provisional ? <div>{t("clock.provisional")}</div> : null}
    </>
  );
}

/** The Decree, where a clock names its rule set. */
const DECREE = "decree_809";

/** Light of a legal clock: icon, word, colour and the days left; on hover or focus the due moment and its article. */
export function ClockMark({ clock }: { clock: Clock | null }) {
  const { t } = useTranslation();
  const words = useWords();
  const daysLeft = useDaysLeft();
  if (!clock) return <span className="muted">—</span>;
  const look = lightLook(clock.light);
  const detail = (
    <div className="popover-lines">
      <div>{t("clock.due_at", { moment: moment(clock.due) })}</div>
      <ClockRule clock={clock} />
    </div>
  );
  return (
    <Popover content={detail} trigger={["hover", "focus"]}>
      <button type="button" className="clock-mark">
        <Mark tone={look.tone} icon={look.icon}>
          {words("light", clock.light)}
        </Mark>
        <span className="clock-left">{daysLeft(clock)}</span>
        <span className="visually-hidden">{t("clock.due_at", { moment: moment(clock.due) })}</span>
      </button>
    </Popover>
  );
}

/** From one day to another; a line never breaks within a date. */
export function Period({ from, until }: { from: string | null | undefined; until: string | null | undefined }) {
  return (
    <>
      <span className="nowrap">{day(from)} —</span> <span className="nowrap">{day(until)}</span>
    </>
  );
}

/** A mask in words: what of a value still shows. */
export function useMaskWords() {
  const { t } = useTranslation();
  return (mask: Mask | null | undefined): string => {
    if (!mask) return t("mask.none");
    switch (mask.kind) {
      case "keep_ends":
        if (mask.tail === 0) return t("mask.keep_head", { head: mask.head });
        if (mask.head === 0) return t("mask.keep_tail", { tail: mask.tail });
        return t("mask.keep_ends", { head: mask.head, tail: mask.tail });
      case "region_only":
        return t("mask.region_only", { digits: mask.digits });
      case "keyed_hash":
        return t("mask.keyed_hash");
      case "year_only":
        return t("mask.year_only");
      case "redact":
        return t("mask.redact");
      case "token":
        return t("mask.token");
      case "verify_only":
        return t("mask.verify_only");
    }
  };
}
