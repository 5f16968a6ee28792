// 指挥大屏: draws the curve of the day, shows how a figure is counted, and fetches the board again when the log grows.
"use strict";

(() => {
  const REFRESH_MS = 60000; // What only time changes: periods that end, the hour of the curve.
  const RETRY_MS = 5000;
  const board = document.getElementById("board");
  const line = document.getElementById("line");
  let chart = null;
  let opened = null; // The definition that is shown, by its id; it outlives a refresh.
  let fetching = false;
  let again = false;

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  function series(name, colour, values) {
    return {
      name, type: "line", data: values, symbolSize: 0.4 * rem(),
      lineStyle: { width: 0.16 * rem(), color: colour }, itemStyle: { color: colour },
      areaStyle: { color: colour, opacity: 0.1 },
    };
  }

  function axis(size, quiet, extra) {
    return Object.assign({ axisLabel: { color: quiet, fontSize: size }, axisLine: { lineStyle: { color: css("--line") } } }, extra);
  }

  function draw() {
    const place = document.getElementById("day");
    const { hours } = JSON.parse(document.getElementById("charts").textContent);
    const size = 0.8 * rem();
    const day = Array.from({ length: 24 }, (_, hour) => hours[hour] || [hour, null, null]);
    const quiet = css("--quiet");
    if (chart) chart.dispose();
    chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      aria: { enabled: true, label: { description: description(hours) } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 0.4 * rem(), right: 1.2 * rem(), top: 2 * rem(), bottom: 0.2 * rem(), containLabel: true },
      legend: { right: 0, top: 0, itemHeight: 0.5 * rem(), textStyle: { color: quiet, fontSize: size } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      xAxis: axis(size, quiet, { type: "category", boundaryGap: false, data: day.map((each) => `${each[0]}时`) }),
      yAxis: axis(size, quiet, { type: "value", minInterval: 1, splitLine: { lineStyle: { color: css("--line") } } }),
      series: [
        series("发出", css("--sent"), day.map((each) => each[1])),
        series("反馈", css("--reported"), day.map((each) => each[2])),
      ],
    });
  }

  function description(hours) {
    const moved = hours.filter((each) => each[1] || each[2]);
    if (!moved.length) return "今日尚无发出和反馈。";
    return moved.map(([hour, sent, reported]) => `${hour}时发出${sent}件、反馈${reported}件`).join("；") + "。";
  }

  function explain(id) {
    opened = id;
    for (const button of board.querySelectorAll("[data-definition]")) {
      const shown = button.dataset.definition === id;
      button.setAttribute("aria-expanded", String(shown));
      document.getElementById(button.dataset.definition).hidden = !shown;
    }
  }

  async function refresh() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      const answer = await fetch(board.dataset.source, { headers: { "HX-Request": "true" } });
      if (answer.headers.has("HX-Redirect")) {
        location.assign(answer.headers.get("HX-Redirect"));
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      swap(await answer.text());
      line.textContent = "实时更新";
    } catch {
      line.textContent = "连接中断，正在重试";
    } finally {
      fetching = false;
    }
    if (again) {
      again = false;
      refresh();
    }
  }

  function swap(html) {
    const focused = document.activeElement && document.activeElement.dataset.definition;
    board.innerHTML = html;
    draw();
    explain(opened);
    if (focused) board.querySelector(`[data-definition="${focused}"]`).focus();
  }

  function listen() {
    let source = null;
    let waiting = 0;
    const close = () => {
      clearTimeout(waiting);
      if (source) source.close();
    };
    const open = () => {
      close();
      source = new EventSource(board.dataset.live);
      source.addEventListener("open", () => { line.textContent = "实时更新"; });
      source.addEventListener("changed", refresh);
      // The session is over: the board's own address leads to the sign-in.
      source.addEventListener("ended", () => { close(); location.reload(); });
      source.addEventListener("error", () => {
        line.textContent = "连接中断，正在重试";
        close();
        waiting = setTimeout(() => { if (!document.hidden) open(); }, RETRY_MS);
      });
    };
    // A hidden tab gives its connection back: browsers allow six for all tabs.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        close();
      } else {
        open();
        refresh();
      }
    });
    open();
  }

  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-definition]");
    if (button) explain(opened === button.dataset.definition ? null : button.dataset.definition);
  });
  addEventListener("resize", draw);
  draw();
  listen();
  setInterval(() => { if (!document.hidden) refresh(); }, REFRESH_MS);
})();
