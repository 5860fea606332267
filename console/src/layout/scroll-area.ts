/** What scrolls: the part of the frame that holds the page. */
export const scrollAreaId = 'page';

export function scrollArea(): HTMLElement | null {
  return document.getElementById(scrollAreaId);
}
