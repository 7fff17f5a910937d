// A place in Decree 809 as the law itself writes it: the server says `21(1)`, Chinese readers see 第二十一条第一款.
import { useTranslation } from "react-i18next";

const DIGITS = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const UNITS = ["条", "款", "项"];

/** 1 to 99, as laws write them. */
export function chineseNumeral(number: number): string {
  const tens = Math.floor(number / 10);
  const head = tens === 0 ? "" : tens === 1 ? "十" : `${DIGITS[tens] ?? ""}十`;
  return head + (DIGITS[number % 10] ?? "");
}

export function articleInChinese(article: string): string {
  if (!/^\d{1,2}(\(\d{1,2}\)){0,2}$/.test(article)) return article;
  return [...article.matchAll(/\d+/g)].map((found, place) => `第${chineseNumeral(Number(found[0]))}${UNITS[place] ?? ""}`).join("");
}

/** The bare article in the language of the page; texts put the name of the law before it. */
export function useArticle() {
  const { i18n } = useTranslation();
  return (article: string): string => (i18n.language === "en" ? article : articleInChinese(article));
}
