// The page: a list that refreshes itself, one chosen function, a form to invoke it. Everything that
// comes from the gateway or a function is set as text, never as markup.

import {
  deleteFunction,
  deployFunction,
  describeFunction,
  explainScaling,
  invokeFunction,
  listAlerts,
  listFunctions,
  platformInfo,
  scaleFunction,
} from "./api.js";

const REFRESH_MILLIS = 2000;
const MAX_ANSWER_BYTES = 1 << 20;
const NOTICE_MILLIS = 8000;

const element = (id) => document.getElementById(id);
const number = new Intl.NumberFormat();
const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

// The address names the chosen function, so that a reload or a link shows it again.
const state = { functions: [], alerts: new Map(), chosen: location.hash.slice(1) || null };

const key = (fn) => `${fn.name}.${fn.namespace}`;
const chosen = () => state.functions.find((fn) => key(fn) === state.chosen);

// ---- the list

function renderList() {
  const wanted = element("filter").value.trim().toLowerCase();
  const shown = state.functions.filter((fn) => fn.name.includes(wanted));
  const focused = document.activeElement?.dataset.function;
  element("functions").replaceChildren(...shown.map(listItem));
  if (focused) {
    document.querySelector(`[data-function="${CSS.escape(focused)}"]`)?.focus();
  }
  element("no-functions").hidden = state.functions.length > 0;
}

function listItem(fn) {
  const ready = fn.availableReplicas ?? 0;
  const desired = fn.replicas ?? 0;
  const button = make("button", { type: "button" });
  button.dataset.function = key(fn);
  button.setAttribute("aria-current", String(key(fn) === state.chosen));
  const alert = state.alerts.get(key(fn))?.state ?? "inactive";
  const alertText = alert === "inactive" ? "" : ` · alert ${alert}`;
  button.append(
    make("span", { className: "title", textContent: fn.name }),
    make("span", { className: `dot ${ready > 0 ? "ready" : desired > 0 ? "waiting" : ""}` }),
    make("span", {
      className: "counts",
      textContent: `${ready}/${desired} ready · ${number.format(fn.invocationCount ?? 0)} invocations${alertText}`,
    }),
  );
  button.addEventListener("click", () => choose(key(fn)));
  const item = make("li", {});
  item.append(button);
  return item;
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

// ---- the chosen function

function choose(name) {
  if (state.chosen !== name) {
    element("answer").textContent = "";
    element("path").value = "";
    showStatus("", "");
  }
  state.chosen = name;
  history.replaceState(null, "", `#${name}`);
  render();
  refreshDetail();
}

function render() {
  renderList();
  const fn = chosen();
  element("detail").hidden = !fn;
  element("welcome").hidden = Boolean(fn);
  if (!fn) {
    return;
  }
  if (element("name").textContent !== fn.name) {
    element("replicas").value = fn.replicas ?? 0;
  }
  element("name").textContent = fn.name;
  element("image").textContent = fn.image;
  element("ready").textContent = fn.availableReplicas ?? 0;
  element("desired").textContent = fn.replicas ?? 0;
  element("count").textContent = number.format(fn.invocationCount ?? 0);
  element("created").textContent = time.format(new Date(fn.createdAt));
  renderAlert(state.alerts.get(key(fn)));
  element("url").textContent = `/function/${key(fn)}/`;
}

function renderAlert(alert) {
  element("alert").hidden = !alert;
  if (alert) {
    const rate = `${number.format(Math.round(alert.rate * 10) / 10)}/s`;
    element("alert-state").textContent = `${alert.state} · ${rate}`;
    element("alert-state").title = `fires above ${alert.threshold}/s: ${alert.expression}`;
  }
}

async function refreshDetail() {
  const fn = chosen();
  if (!fn || !element("replica-details").open) {
    return;
  }
  const [full, scaling] = await Promise.all([
    describeFunction(fn.name, fn.namespace),
    explainScaling(fn.name, fn.namespace),
  ]);
  if (key(full) !== state.chosen) {
    return;
  }
  element("changes").hidden = scaling.decisions.length === 0;
  element("change-rows").replaceChildren(...scaling.decisions.map(changeRow));
  element("replica-rows").replaceChildren(...(full.replicaStatus ?? []).map(replicaRow));
  const facts = [
    ["Scaled by", scaling.scaledBy.join(", ")],
    ["One more replica", scaling.oneMore],
    ["To zero", scaling.zero],
    ["Process", full.envProcess],
    ["Limits", resources(full.limits)],
    ["Requests", resources(full.requests)],
    ...Object.entries(full.labels).map(([name, value]) => [name, value]),
    ...(full.enforcement ?? []).map((bound) => [
      bound.bound,
      `requested ${bound.requested}, enforced ${bound.enforced}`,
    ]),
  ];
  element("settings").replaceChildren(
    ...facts
      .filter(([, value]) => value)
      .flatMap(([name, value]) => [
        make("dt", { textContent: name }),
        make("dd", { textContent: value }),
      ]),
  );
}

function resources(given) {
  return given
    ? Object.entries(given).map(([name, value]) => `${name} ${value}`).join(", ")
    : "";
}

function replicaRow(replica) {
  const id = typeof replica.id === "string" ? replica.id : replica.id.value;
  return tableRow([id, replica.state, replica.restarts, replica.reason]);
}

function changeRow(change) {
  const bound = change.boundedBy ? `; cut by ${change.boundedBy}` : "";
  return tableRow([
    clock.format(new Date(change.at)),
    `${change.from} → ${change.to}`,
    change.reason + bound,
  ]);
}

function tableRow(texts) {
  const row = make("tr", {});
  for (const text of texts) {
    row.append(make("td", { textContent: text ?? "" }));
  }
  return row;
}

// ---- actions

async function invoke(event) {
  event.preventDefault();
  const fn = chosen();
  const button = event.submitter;
  const path = `${key(fn)}/${element("path").value.replace(/^\/+/, "")}`;
  button.disabled = true;
  showStatus("…", "");
  try {
    const answer = await invokeFunction(
      path,
      element("method").value,
      element("type").value,
      element("body").value,
      MAX_ANSWER_BYTES,
    );
    const good = answer.status < 400;
    showStatus(`${answer.status} · ${Math.round(answer.millis)} ms`, good ? "good" : "bad");
    element("answer").textContent = answer.text + (answer.cut ? "\n… (cut)" : "");
  } catch (failure) {
    showStatus("no answer", "bad");
    element("answer").textContent = failure.message;
  } finally {
    button.disabled = false;
    refresh();
  }
}

function showStatus(text, kind) {
  element("status").textContent = text;
  element("status").className = kind;
}

async function scale(event) {
  event.preventDefault();
  const fn = chosen();
  await attempt(() => scaleFunction(fn.name, fn.namespace, Number(element("replicas").value)));
}

async function deploy(event) {
  event.preventDefault();
  const error = element("deploy-error");
  error.textContent = "";
  try {
    const deployment = {
      service: element("deploy-name").value.trim(),
      image: element("deploy-image").value.trim(),
      envVars: pairs(element("deploy-environment").value),
      labels: pairs(element("deploy-labels").value),
      annotations: {},
    };
    const process = element("deploy-process").value.trim();
    if (process) {
      deployment.envProcess = process;
    }
    await deployFunction(deployment);
    element("deploy-dialog").close();
    element("deploy").reset();
    await refresh();
    const made = state.functions.find((fn) => fn.name === deployment.service);
    if (made) {
      choose(key(made));
    }
  } catch (failure) {
    error.textContent = failure.message;
  }
}

// NAME=value lines as an object
function pairs(text) {
  const result = {};
  for (const line of text.split("\n").map((each) => each.trim()).filter(Boolean)) {
    const equals = line.indexOf("=");
    if (equals < 1) {
      throw new Error(`"${line}" (expected: NAME=value)`);
    }
    result[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return result;
}

async function remove(event) {
  event.preventDefault();
  element("delete-dialog").close();
  const fn = chosen();
  if (await attempt(() => deleteFunction(fn.name, fn.namespace))) {
    state.chosen = null;
    history.replaceState(null, "", location.pathname);
    await refresh();
  }
}

async function attempt(action) {
  try {
    await action();
    await refresh();
    return true;
  } catch (failure) {
    notify(failure.message);
    return false;
  }
}

let noticeTimer;

function notify(message) {
  element("notice").textContent = message;
  element("notice").hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (element("notice").hidden = true), NOTICE_MILLIS);
}

// ---- refresh

async function refresh() {
  try {
    const [functions, alerts] = await Promise.all([listFunctions(), listAlerts()]);
    state.functions = functions;
    state.alerts = new Map(alerts.map((alert) => [key(alert), alert]));
    element("connection").textContent = "";
    render();
    await refreshDetail();
  } catch (failure) {
    element("connection").textContent = `not up to date: ${failure.message}`;
  }
}

async function refreshForever() {
  if (!document.hidden) {
    await refresh();
  }
  setTimeout(refreshForever, REFRESH_MILLIS);
}

async function showPlatform() {
  try {
    const info = await platformInfo();
    element("platform").textContent = `${info.version.release} · ${info.provider.provider}`;
  } catch {
    // the list's refresh tells what is wrong
  }
}

element("filter").addEventListener("input", renderList);
element("invoke").addEventListener("submit", invoke);
element("scale").addEventListener("submit", scale);
element("deploy").addEventListener("submit", deploy);
element("delete-form").addEventListener("submit", remove);
element("show-deploy").addEventListener("click", () => element("deploy-dialog").showModal());
element("deploy-cancel").addEventListener("click", () => element("deploy-dialog").close());
element("delete").addEventListener("click", () => element("delete-dialog").showModal());
element("delete-cancel").addEventListener("click", () => element("delete-dialog").close());
element("replica-details").addEventListener("toggle", refreshDetail);

showPlatform();
refreshForever();
