/** What the command line says, in Japanese and English. Never a path, a name or a value: files are called by their numbers. */

/** @typedef {"ja" | "en"} Language */

/** @type {Record<Language, Record<string, string>>} */
const WORDS = {
  en: {
    usage: `tokumei: de-identifies DICOM studies before they leave the hospital.

  tokumei deid INPUT… --out DIR [--policy FILE|NAME] [--key FILE] [--namespace NS] [--optout FILE]
               [--report FILE] [--mapping FILE] [--jobs N] [--lang ja|en]
  tokumei scan INPUT… [--policy FILE|NAME] [--key FILE] [--namespace NS] [--optout FILE] [--jobs N]
  tokumei key new --out FILE [--namespace NS] [--passphrase-file FILE]
  tokumei policy check FILE|NAME

A key wrapped with a passphrase is opened with --passphrase-file FILE (its first line).
Exit: 0 all left, or was excluded or skipped; 3 done, but something is held or refused; 1 the run failed; 2 usage.`,
    "unknown-command": "Unknown command {what}. See: tokumei help",
    "unknown-option": "Unknown option {what}. See: tokumei help",
    "option-value": "Option {what} needs another value. See: tokumei help",
    "later-option": "{what} is not available yet. Use --out DIR.",
    "no-input": "Name at least one file or folder.",
    "one-policy": "Name one policy.",
    "too-many": "This command takes options only.",
    "no-out": "Say where to write: --out.",
    "no-such-input": "Input {what} cannot be found.",
    "out-is-input": "The output folder must not be an input folder.",
    "key-exists": "There is a file of that name already. Nothing was written.",
    "key-made": "Key {what} was written. Keep a copy in a safe place: without it no later run fits to this one.",
    "key-forgotten":
      "No key was given: one was made for this run and is forgotten. Later runs will not fit to this one.",
    "key-passphrase-needed": "The key needs its passphrase: --passphrase-file.",
    "key-passphrase-wrong": "The passphrase does not open the key.",
    "policy-missing": "There is no such policy: neither a shipped one nor a file.",
    "policy-good": "The policy is valid. SHA-256 {what}",
    "mapping-forbidden": "The policy forbids a mapping.",
    "second-run": "This session is running already.",
    "engine-fault": "The engine does not start.",
    internal: "A fault of the program ended the run ({what}).",
    "pixels-not-checked": "Text and faces in the pictures were not looked at (policy {what}).",
    stopped: "Stopped. What had left by then stands in the report.",
    "line-broken": "Line {what}.",
    scanning: "Reading {done} of {total}",
    running: "Processed {done} of {total}",
    found: "{files:file|files}: {patients:patient|patients}, {studies:study|studies}, {series} series",
    left: "{files:file|files} in, {left} out: {patients:patient|patients}, {studies:study|studies}, {series} series",
    pass: "passed",
    masked: "masked",
    defaced: "defaced",
    review: "held for review",
    refused: "refused",
    excluded: "opted out",
    skipped: "skipped",
  },
  ja: {
    usage: `tokumei: DICOM の検査を、病院の外に出す前に匿名化します。

  tokumei deid 入力… --out フォルダー [--policy ファイル|名前] [--key ファイル] [--namespace 名前空間] [--optout ファイル]
               [--report ファイル] [--mapping ファイル] [--jobs 数] [--lang ja|en]
  tokumei scan 入力… [--policy ファイル|名前] [--key ファイル] [--namespace 名前空間] [--optout ファイル] [--jobs 数]
  tokumei key new --out ファイル [--namespace 名前空間] [--passphrase-file ファイル]
  tokumei policy check ファイル|名前

合言葉で包まれた鍵は --passphrase-file ファイル（その 1 行目）で開きます。
終了コード: 0 すべて提供、または提供停止・対象外 / 3 終わったが、要確認または提供不可がある / 1 実行できなかった / 2 使い方の誤り`,
    "unknown-command": "コマンド {what} はありません。tokumei help を見てください。",
    "unknown-option": "オプション {what} はありません。tokumei help を見てください。",
    "option-value": "オプション {what} の値が正しくありません。tokumei help を見てください。",
    "later-option": "{what} はまだ使えません。--out フォルダー を使ってください。",
    "no-input": "ファイルまたはフォルダーを 1 つ以上指定してください。",
    "one-policy": "加工基準を 1 つ指定してください。",
    "too-many": "このコマンドにはオプションだけを指定してください。",
    "no-out": "書き出す場所を --out で指定してください。",
    "no-such-input": "{what} 番目の入力が見つかりません。",
    "out-is-input": "出力フォルダーに、入力フォルダーと同じ場所は使えません。",
    "key-exists": "同じ名前のファイルがすでにあります。何も書いていません。",
    "key-made": "鍵 {what} を書きました。写しを安全な場所に保管してください。なくすと、あとの結果とつながりません。",
    "key-forgotten": "鍵の指定がないため、今回だけの鍵を作りました。鍵は残りません。あとの結果とはつながりません。",
    "key-passphrase-needed": "鍵を開く合言葉が要ります（--passphrase-file）。",
    "key-passphrase-wrong": "合言葉が違います。鍵を開けません。",
    "policy-missing": "その加工基準はありません（付属のものにも、ファイルにもありません）。",
    "policy-good": "加工基準に誤りはありません。SHA-256 {what}",
    "mapping-forbidden": "加工基準により、対応表は作れません。",
    "second-run": "すでに実行しています。",
    "engine-fault": "処理の部品を開始できません。",
    internal: "プログラムの不具合で終わりました（{what}）。",
    "pixels-not-checked": "画像に写り込んだ文字と顔は調べていません（加工基準 {what}）。",
    stopped: "中止しました。それまでに提供したものは報告に残っています。",
    "line-broken": "{what} 行目。",
    scanning: "読み込んでいます {done} / {total}",
    running: "加工しています {done} / {total}",
    found: "{files} ファイル: {patients} 人・{studies} 検査・{series} シリーズ",
    left: "{files} ファイルのうち {left} ファイルを提供: {patients} 人・{studies} 検査・{series} シリーズ",
    pass: "画像そのまま",
    masked: "黒塗り",
    defaced: "顔を加工",
    review: "要確認",
    refused: "提供不可",
    excluded: "提供停止",
    skipped: "対象外",
  },
};

/**
 * `{name}` stands for a value, `{name:one|other}` for a number with the word that goes with it.
 * @param {Language} lang
 * @param {string} code
 * @param {Record<string, string | number>} [values]
 * @returns {string | null}  null: not a code of this list
 */
export function say(lang, code, values = {}) {
  const text = WORDS[lang][code];
  if (text === undefined) return null;
  return text.replace(/\{(\w+)(?::(\w+)\|(\w+))?\}/gu, (_, name, one, other) => {
    const value = String(values[name] ?? "");
    return one === undefined ? value : `${value} ${value === "1" ? one : other}`;
  });
}
