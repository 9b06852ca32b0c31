/** What the command line says, in Japanese and English. Never a path, a name or a value: files are called by their numbers. */

/** @typedef {"ja" | "en"} Language */

/** @type {Record<Language, Record<string, string>>} */
const WORDS = {
  en: {
    usage: `tokumei: de-identifies DICOM studies before they leave the hospital.

  tokumei deid INPUT… (--out DIR | --zip FILE | --stow URL [--token-file FILE] [--tries N])
               [--policy FILE|NAME] [--key FILE] [--namespace NS] [--optout FILE] [--masks FILE] [--report FILE]
               [--mapping FILE] [--receipt FILE [--signing-key FILE]] [--spool DIR] [--jobs N] [--lang ja|en]
  tokumei scan INPUT… [--policy FILE|NAME] [--key FILE] [--namespace NS] [--optout FILE] [--masks FILE] [--jobs N]
  tokumei verify-receipt RECEIPT… --in DIR [--signer FINGERPRINT] [--jobs N]
  tokumei key new --out FILE ([--namespace NS] [--passphrase-file FILE] | --signing)
  tokumei policy check FILE|NAME
  tokumei policy import RULES… --out FILE [--policy NAME]

A key wrapped with a passphrase is opened with --passphrase-file FILE (its first line).
--masks names areas to black out, by image, series, or device and size. It looks at no picture: what waits for a look still waits,
but for entries that say that nothing else identifies (docs/command-line.md).
--stow sends to a DICOMweb service: https, or http on this machine. Its bearer token is the first line of --token-file.
What can't be sent is tried --tries times in a row (10), longer and longer apart. Running again sends what is missing.
Until it is written or sent, what is ready waits in a folder of its own in the system's temporary folder, or in --spool.
--receipt writes what has arrived, signed with the key of --signing-key (tokumei key new --signing) or one made for the run.
verify-receipt, at the provider, compares receipts with a folder.
Exit: 0 all left, or was excluded or skipped; 3 done, but something is held or refused, or a receipt and its folder differ;
1 the run failed; 2 usage.`,
    "unknown-command": "Unknown command {what}. See: tokumei help",
    "unknown-option": "Unknown option {what}. See: tokumei help",
    "option-value": "Option {what} needs another value. See: tokumei help",
    "option-beside": "Option {what} says nothing by itself. See: tokumei help",
    "no-input": "Name at least one file or folder.",
    "one-policy": "Name one policy.",
    "no-rules": "Name at least one file of rules.",
    "rules-missing": "A file of rules cannot be read.",
    "rules-unknown": "These are no rules that can be imported: pixel scripts of CTP, recipes of pydicom/deid.",
    "rules-imported":
      "{rules} rules were written. They draw, or hold for a person; none of them lets an image leave without a look.",
    "policy-exists": "There is a file of that name already. Nothing was written.",
    "rule-calls-clean": "Left out, calls images clean without a look: {what}",
    "rule-no-condition": "Left out, is of every image: {what}",
    "rule-unknown-attribute": "Left out, asks for an attribute that is none of the image: {what}",
    "rule-unknown-test": "Left out, compares in a way that cannot be taken over: {what}",
    "rule-too-many": "Left out, has too many cases: {what}",
    "rule-from-edge": "Left out, its area is none of a known matrix: {what}",
    "too-many": "This command takes options only.",
    "no-out": "Say where to write: --out.",
    "one-place": "Say where to deliver with one of --out, --zip and --stow.",
    "stow-address":
      "--stow needs the address of a DICOMweb service: https, or http on this machine, without name, password and query.",
    "signing-alone": "A key that signs has no namespace and no passphrase.",
    "no-receipt-named": "Name at least one receipt.",
    "no-in": "Say where the instances are: --in.",
    "no-such-input": "Input {what} cannot be found.",
    "out-is-input": "The output must not be an input.",
    "key-exists": "There is a file of that name already. Nothing was written.",
    "key-made": "Key {what} was written. Keep a copy in a safe place: without it no later run fits to this one.",
    "signing-key-made": "A key that signs receipts was written. Its fingerprint, for those who check receipts: {what}",
    "signing-key-missing":
      "The file of --signing-key holds no Ed25519 key. Make one: tokumei key new --signing --out FILE",
    "key-forgotten":
      "No key was given: one was made for this run and is forgotten. Later runs will not fit to this one.",
    "key-passphrase-needed": "The key needs its passphrase: --passphrase-file.",
    "key-passphrase-wrong": "The passphrase does not open the key.",
    "policy-missing": "There is no such policy: neither a shipped one nor a file.",
    "policy-good": "The policy is valid. SHA-256 {what}",
    "masks-missing": "The file of --masks cannot be read.",
    "masks-unmet": "Entries of --masks that no image was found for: {count}",
    "mapping-forbidden": "The policy forbids a mapping.",
    "second-run": "This session is running already.",
    "engine-fault": "The engine does not start.",
    internal: "A fault of the program ended the run ({what}).",
    "pixels-not-checked": "Text and faces in the pictures were not looked at (policy {what}).",
    stopped: "Stopped. What had left by then stays there and stands in the report.",
    again: "Run the same command again to send what is missing: nothing is sent twice.",
    "again-without-key":
      "The key was made for this run only: the same command would send all again under other identifiers. Use --key.",
    "zip-taken": "There is another file of that name. It was not changed; choose another name.",
    "spool-full": "The folder where outputs wait is full. Free some space, or choose another one with --spool.",
    "spool-denied": "The folder where outputs wait can't be written to. Choose another one with --spool.",
    "token-missing": "The first line of --token-file must be the token alone.",
    "destination-unreachable": "The destination can't be reached. What arrived stays there and stands in the report.",
    "destination-auth":
      "The destination refuses the connection: the token is missing, wrong or out of date (--token-file).",
    "destination-misconfigured":
      "This address takes no images (STOW-RS). What arrived before stays there. Check the address of --stow.",
    "notice-offline": "No network. Trying again in {seconds} s.",
    "notice-provider-down": "The destination does not answer. Trying again in {seconds} s.",
    "notice-provider-busy": "The destination is busy. Trying again in {seconds} s.",
    "notice-back": "The destination answers again.",
    "notice-blocked":
      "The destination takes queries, but no answer comes to what is sent. Trying again in {seconds} s.",
    "notice-too-big": "An instance of {bytes} bytes is larger than the destination accepts.",
    "no-receipt": "Nothing has arrived: no receipt was written.",
    "receipt-made": "The receipt was written. Fingerprint of the key that signed it: {what}",
    "receipt-missing": "A receipt can't be read.",
    "receipt-malformed": "A file that was named is no receipt.",
    "receipt-unsupported": "The signature can't be checked on this machine.",
    "receipt-good": "Signature valid, fingerprint of its key: {what}",
    "receipt-unsigned": "The receipt is not signed.",
    "receipt-changed": "The receipt was changed after it was signed, or its signature is not of the key that it names.",
    "signer-other": "The receipt was signed by another key than --signer names.",
    "signer-open":
      "Whose key it is was not checked: compare the fingerprint with the hospital's, or name it with --signer.",
    "in-missing": "The folder of --in can't be read.",
    equal: "{count} of {total} instances of the receipt are there, with equal bytes.",
    missing: "missing: {count}",
    altered: "other bytes: {count}",
    additional: "not on the receipt: {count}",
    repeated: "there more than once: {count}",
    unreadable: "files that can't be read: {count}",
    "line-broken": "Line {what}.",
    scanning: "Reading {done} of {total}",
    running: "Processed {done} of {total}",
    sending: "Arrived {done} of {total} ({megabytes} MB)",
    comparing: "Compared {done} of {total}",
    found: "{files:file|files}: {patients:patient|patients}, {studies:study|studies}, {series} series",
    delivered: "Sent {sent}, there already {there}",
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

  tokumei deid 入力… (--out フォルダー | --zip ファイル | --stow アドレス [--token-file ファイル] [--tries 回数])
               [--policy ファイル|名前] [--key ファイル] [--namespace 名前空間] [--optout ファイル] [--masks ファイル]
               [--report ファイル] [--mapping ファイル] [--receipt ファイル [--signing-key ファイル]] [--spool フォルダー] [--jobs 数] [--lang ja|en]
  tokumei scan 入力… [--policy ファイル|名前] [--key ファイル] [--namespace 名前空間] [--optout ファイル] [--masks ファイル] [--jobs 数]
  tokumei verify-receipt 受領証… --in フォルダー [--signer 指紋] [--jobs 数]
  tokumei key new --out ファイル ([--namespace 名前空間] [--passphrase-file ファイル] | --signing)
  tokumei policy check ファイル|名前
  tokumei policy import 決まり… --out ファイル [--policy 名前]

合言葉で包まれた鍵は --passphrase-file ファイル（その 1 行目）で開きます。
--masks は黒く塗る場所を、画像ごと、シリーズごと、または装置と大きさごとに書いたファイルです。画像を見るわけではないので、確認待ちの
画像は待ったままです。ただし「ほかに個人を特定できるものはない」と書かれたものは除きます（docs/command-line.md）。
--stow は DICOMweb の受け取り口に送ります（https、またはこの機械の中の http）。トークンは --token-file の 1 行目に置きます。
送れないときは間をあけながら続けて --tries 回（10 回）まで試します。もう一度実行すると、届いていないものだけを送ります。
書き出すまで、または送るまでのものは、システムの一時フォルダーの中（または --spool）の専用フォルダーに置きます。
--receipt は届いたものの受領証を書きます。--signing-key の鍵（tokumei key new --signing）か、今回だけの鍵で署名します。
verify-receipt は、提供先で受領証とフォルダーを突き合わせます。
終了コード: 0 すべて提供、または提供停止・対象外 / 3 終わったが、要確認・提供不可がある、または受領証とフォルダーが違う /
1 実行できなかった / 2 使い方の誤り`,
    "unknown-command": "コマンド {what} はありません。tokumei help を見てください。",
    "unknown-option": "オプション {what} はありません。tokumei help を見てください。",
    "option-value": "オプション {what} の値が正しくありません。tokumei help を見てください。",
    "option-beside": "オプション {what} だけでは意味がありません。tokumei help を見てください。",
    "no-input": "ファイルまたはフォルダーを 1 つ以上指定してください。",
    "one-policy": "加工基準を 1 つ指定してください。",
    "no-rules": "決まりのファイルを 1 つ以上指定してください。",
    "rules-missing": "決まりのファイルを読めません。",
    "rules-unknown": "取り込める決まりではありません（CTP の画素スクリプト、pydicom/deid のレシピ）。",
    "rules-imported":
      "{rules} 件の決まりを書きました。決まりは黒く塗るか、人の確認を待たせるだけで、確認なしに画像を出すことはありません。",
    "policy-exists": "同じ名前のファイルがもうあります。何も書いていません。",
    "rule-calls-clean": "除きました（確認なしに「文字なし」とする決まりです）：{what}",
    "rule-no-condition": "除きました（すべての画像に当てはまります）：{what}",
    "rule-unknown-attribute": "除きました（画像にない項目を調べます）：{what}",
    "rule-unknown-test": "除きました（比べ方を移せません）：{what}",
    "rule-too-many": "除きました（場合が多すぎます）：{what}",
    "rule-from-edge": "除きました（場所の大きさが分かりません）：{what}",
    "too-many": "このコマンドにはオプションだけを指定してください。",
    "no-out": "書き出す場所を --out で指定してください。",
    "one-place": "提供先を --out・--zip・--stow のどれか 1 つで指定してください。",
    "stow-address":
      "--stow には DICOMweb のアドレスを指定してください（https、またはこの機械の中の http。名前・パスワード・検索条件は書けません）。",
    "signing-alone": "署名の鍵に、名前空間と合言葉はありません。",
    "no-receipt-named": "受領証を 1 つ以上指定してください。",
    "no-in": "画像のあるフォルダーを --in で指定してください。",
    "no-such-input": "{what} 番目の入力が見つかりません。",
    "out-is-input": "出力に、入力と同じ場所は使えません。",
    "key-exists": "同じ名前のファイルがすでにあります。何も書いていません。",
    "key-made": "鍵 {what} を書きました。写しを安全な場所に保管してください。なくすと、あとの結果とつながりません。",
    "signing-key-made": "受領証に署名する鍵を書きました。受領証を確かめる人に伝える指紋: {what}",
    "signing-key-missing":
      "--signing-key のファイルに Ed25519 の鍵がありません。tokumei key new --signing --out ファイル で作れます。",
    "key-forgotten": "鍵の指定がないため、今回だけの鍵を作りました。鍵は残りません。あとの結果とはつながりません。",
    "key-passphrase-needed": "鍵を開く合言葉が要ります（--passphrase-file）。",
    "key-passphrase-wrong": "合言葉が違います。鍵を開けません。",
    "policy-missing": "その加工基準はありません（付属のものにも、ファイルにもありません）。",
    "policy-good": "加工基準に誤りはありません。SHA-256 {what}",
    "masks-missing": "--masks のファイルを読めません。",
    "masks-unmet": "--masks のうち、当てはまる画像がなかったもの：{count}",
    "mapping-forbidden": "加工基準により、対応表は作れません。",
    "second-run": "すでに実行しています。",
    "engine-fault": "処理の部品を開始できません。",
    internal: "プログラムの不具合で終わりました（{what}）。",
    "pixels-not-checked": "画像に写り込んだ文字と顔は調べていません（加工基準 {what}）。",
    stopped: "中止しました。それまでに提供したものはそのまま残り、報告にも書かれています。",
    again: "同じコマンドをもう一度実行すると、届いていないものだけを送ります。二重には送りません。",
    "again-without-key":
      "鍵は今回だけのものでした。同じコマンドをもう一度実行すると、すべてを別の番号で送ってしまいます。--key を使ってください。",
    "zip-taken": "同じ名前の別のファイルがあります。そのファイルは変えていません。別の名前を指定してください。",
    "spool-full": "途中のものを置くフォルダーの空きが足りません。空きを作るか、--spool で別の場所を指定してください。",
    "spool-denied": "途中のものを置くフォルダーに書けません。--spool で別の場所を指定してください。",
    "token-missing": "--token-file の 1 行目には、トークンだけを書いてください。",
    "destination-unreachable": "提供先につながりません。届いたものはそのまま残り、報告にも書かれています。",
    "destination-auth":
      "提供先への接続が認められていません。トークンがないか、違うか、期限が切れています（--token-file）。",
    "destination-misconfigured":
      "このアドレスでは画像を受け取りません（STOW-RS）。それまでに届いたものは残っています。--stow のアドレスを確かめてください。",
    "notice-offline": "ネットワークにつながっていません。{seconds} 秒後にもう一度試します。",
    "notice-provider-down": "提供先から返事がありません。{seconds} 秒後にもう一度試します。",
    "notice-provider-busy": "提供先が混み合っています。{seconds} 秒後にもう一度試します。",
    "notice-back": "提供先につながりました。",
    "notice-blocked":
      "提供先は問い合わせには答えますが、送ったものへの返事がありません。{seconds} 秒後にもう一度試します。",
    "notice-too-big": "{bytes} バイトの画像は、提供先が受け取れる大きさを超えています。",
    "no-receipt": "届いたものがないため、受領証は書いていません。",
    "receipt-made": "受領証を書きました。署名した鍵の指紋: {what}",
    "receipt-missing": "受領証を読めません。",
    "receipt-malformed": "指定されたファイルの中に、受領証でないものがあります。",
    "receipt-unsupported": "この機械では署名を確かめられません。",
    "receipt-good": "署名は正しいものです。鍵の指紋: {what}",
    "receipt-unsigned": "受領証に署名がありません。",
    "receipt-changed": "受領証は署名のあとで変えられたか、書かれている鍵の署名ではありません。",
    "signer-other": "受領証は、--signer とは別の鍵で署名されています。",
    "signer-open": "だれの鍵かは確かめていません。病院の指紋と比べるか、--signer で指定してください。",
    "in-missing": "--in のフォルダーを読めません。",
    equal: "受領証の {total} 件のうち {count} 件が、同じ内容で届いています。",
    missing: "見つからない: {count}",
    altered: "内容が違う: {count}",
    additional: "受領証にない: {count}",
    repeated: "2 つ以上ある: {count}",
    unreadable: "読めないファイル: {count}",
    "line-broken": "{what} 行目。",
    scanning: "読み込んでいます {done} / {total}",
    running: "加工しています {done} / {total}",
    sending: "届きました {done} / {total}（{megabytes} MB）",
    comparing: "突き合わせています {done} / {total}",
    found: "{files} ファイル: {patients} 人・{studies} 検査・{series} シリーズ",
    delivered: "送ったもの {sent}・すでに届いていたもの {there}",
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
