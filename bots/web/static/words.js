// Every word of the page itself, in the languages it can be switched to. What is said in the chat comes from the server.

const WORDS = {
  "zh-Hans": {
    brand: "门铃",
    tagline: "上门服务，聊几句就约好",
    language: "语言",
    close: "关闭",
    photo: "照片",
    customer: "顾客",
    technician: "技师",
    customer_title: "门铃",
    technician_title: "技师端",
    customer_empty: "您好，想约什么？按摩、美容、家政、维修都可以，直接说就行。",
    technician_empty: "新单、日程和收入都会发到这里。",
    customer_hint: "想约什么、什么时候？",
    technician_hint: "说一句，或点按钮",
    phone_hint: "手机号，如 13800138000",
    send: "发送",
    send_photo: "发照片",
    send_place: "发位置",
    you: "我",
    us: "门铃",
    typing: "门铃正在输入",
    typing_status: "正在输入…",
    connected: "在线",
    reconnecting: "连接断开，正在重连…",
    not_sent: "没发出去，点这里重发",
    sending: "发送中",
    newer: (count) => `${count} 条新消息`,
    to_newest: "回到最新",
    today: "今天",
    yesterday: "昨天",
    opens_new: "（在新窗口打开）",
    seat_choice: "换一位技师",
    new_applicant: "应聘新技师",
    clock_title: "演示时间",
    clock_quarter: "+15 分钟",
    clock_hour: "+1 小时",
    clock_morning: "次日 9:00",
    clock_moved: (when) => `演示时间已拨到${when}`,
    places_title: "发送位置",
    places_here: "用我现在的位置",
    places_here_short: "我的位置",
    places_known: "或从演示城市里选一个地点",
    places_search: "搜索地点",
    places_finding: "正在定位…",
    places_refused: "没有拿到定位权限。请在浏览器设置里允许，或直接把地址打给我们。",
    places_failed: "暂时定不了位，请稍后再试，或直接把地址打给我们。",
    places_none: "没有找到这个地点",
    sign_in: "技师登录",
    sign_out: "退出技师端",
    sign_title: "技师登录",
    sign_lead: "验证码会发到您登记的手机号，10 分钟内有效。",
    sign_phone: "手机号",
    sign_code: "6 位验证码",
    sign_send: "获取验证码",
    sign_sent: "如果这个号码登记过，验证码已经发出。",
    sign_prove: "登录",
    picture_odd: "这张图片打不开，请换一张 JPG 或 PNG 照片。",
    offline: "网络好像断了，请检查后再试。",
    broken: "页面没能打开，请刷新再试。",
  },
  "zh-Hant": {
    brand: "門鈴",
    tagline: "到府服務，聊幾句就約好",
    language: "語言",
    close: "關閉",
    photo: "照片",
    customer: "顧客",
    technician: "技師",
    customer_title: "門鈴",
    technician_title: "技師專區",
    customer_empty: "您好，想約什麼？按摩、美容、居家清潔、維修都可以，直接說就可以。",
    technician_empty: "新單、行程和收入都會傳到這裡。",
    customer_hint: "想約什麼、什麼時候？",
    technician_hint: "說一句，或點按鈕",
    phone_hint: "手機號碼，例如 13800138000",
    send: "傳送",
    send_photo: "傳照片",
    send_place: "傳位置",
    you: "我",
    us: "門鈴",
    typing: "門鈴正在輸入",
    typing_status: "正在輸入…",
    connected: "線上",
    reconnecting: "連線中斷，正在重新連線…",
    not_sent: "沒傳出去，點這裡重傳",
    sending: "傳送中",
    newer: (count) => `${count} 則新訊息`,
    to_newest: "回到最新",
    today: "今天",
    yesterday: "昨天",
    opens_new: "（在新視窗開啟）",
    seat_choice: "換一位技師",
    new_applicant: "應徵新技師",
    clock_title: "示範時間",
    clock_quarter: "+15 分鐘",
    clock_hour: "+1 小時",
    clock_morning: "隔天 9:00",
    clock_moved: (when) => `示範時間已調到${when}`,
    places_title: "傳送位置",
    places_here: "用我現在的位置",
    places_here_short: "我的位置",
    places_known: "或從示範城市裡選一個地點",
    places_search: "搜尋地點",
    places_finding: "正在定位…",
    places_refused: "沒有拿到定位權限。請在瀏覽器設定裡允許，或直接打地址給我們。",
    places_failed: "暫時無法定位，請稍後再試，或直接打地址給我們。",
    places_none: "沒有找到這個地點",
    sign_in: "技師登入",
    sign_out: "登出",
    sign_title: "技師登入",
    sign_lead: "驗證碼會傳到您登記的手機號碼，10 分鐘內有效。",
    sign_phone: "手機號碼",
    sign_code: "6 位數驗證碼",
    sign_send: "取得驗證碼",
    sign_sent: "如果這個號碼登記過，驗證碼已經送出。",
    sign_prove: "登入",
    picture_odd: "這張圖片打不開，請換一張 JPG 或 PNG 照片。",
    offline: "網路好像斷線了，請檢查後再試。",
    broken: "頁面沒有打開，請重新整理再試。",
  },
  en: {
    brand: "Menling",
    tagline: "At-home services, booked by chat",
    language: "Language",
    close: "Close",
    photo: "Photo",
    customer: "Customer",
    technician: "Technician",
    customer_title: "Menling",
    technician_title: "Technician",
    customer_empty: "Hello! Massage, beauty, housekeeping or a repair: just tell us what you need.",
    technician_empty: "New jobs, your diary and your income all arrive here.",
    customer_hint: "What would you like, and when?",
    technician_hint: "Write or tap a button",
    phone_hint: "e.g. 13800138000",
    send: "Send",
    send_photo: "Send a photo",
    send_place: "Send a location",
    you: "You",
    us: "Menling",
    typing: "Menling is typing",
    typing_status: "typing…",
    connected: "Online",
    reconnecting: "Connection lost, reconnecting…",
    not_sent: "Not sent. Tap to try again",
    sending: "Sending",
    newer: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
    to_newest: "Back to the newest",
    today: "Today",
    yesterday: "Yesterday",
    opens_new: "(opens in a new window)",
    seat_choice: "Another technician",
    new_applicant: "New applicant",
    clock_title: "Demo time",
    clock_quarter: "+15 min",
    clock_hour: "+1 h",
    clock_morning: "Next 9 am",
    clock_moved: (when) => `The demo clock now says ${when}`,
    places_title: "Send a location",
    places_here: "Use my current location",
    places_here_short: "My location",
    places_known: "Or choose a place in the demo city",
    places_search: "Search places",
    places_finding: "Finding you…",
    places_refused: "The browser did not allow it. Allow location in its settings, or type the address instead.",
    places_failed: "Your location cannot be found right now. Try again in a moment, or type the address instead.",
    places_none: "No such place here",
    sign_in: "Technician sign-in",
    sign_out: "Sign out",
    sign_title: "Technician sign-in",
    sign_lead: "We text a code to the phone you registered. It is good for 10 minutes.",
    sign_phone: "Phone number",
    sign_code: "6-digit code",
    sign_send: "Text me a code",
    sign_sent: "If this number is registered, a code is on its way.",
    sign_prove: "Sign in",
    picture_odd: "This picture cannot be opened. Please choose a JPG or PNG photo.",
    offline: "The network seems to be down. Please check it and try again.",
    broken: "The page could not be opened. Please reload it.",
  },
};

const KEPT = "menling.lang";
let lang = firstLang();

function firstLang() {
  const kept = recall(KEPT);
  if (kept in WORDS) return kept;
  const tag = navigator.language.toLowerCase();
  if (!tag.startsWith("zh")) return "en";
  return /hant|-tw|-hk|-mo/.test(tag) ? "zh-Hant" : "zh-Hans";
}

// A browser may forbid storage altogether; the page then forgets, and works.
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // see recall
  }
}

export const language = () => lang;

export function speak(next) {
  lang = next;
  remember(KEPT, next);
  translate();
}

export function word(name, ...facts) {
  const found = WORDS[lang][name];
  return typeof found === "function" ? found(...facts) : found;
}

// Put the words into everything the HTML marks with data-word (text) or data-word-label (spoken name).
export function translate() {
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-word-label]")) {
    node.setAttribute("aria-label", word(node.dataset.wordLabel));
  }
}

// A text that exists in several languages, as the server sends names of places and technicians.
export const named = (names) => names[lang] ?? names["zh-Hans"] ?? Object.values(names)[0] ?? "";
