#include "compress/foreign_words.h"

#include <array>

namespace headroom::compress {
namespace {

// Languages in this order: German, French, Spanish, Portuguese, Italian, Chinese, Japanese. One form of a noun or verb
// is enough where the others differ in their endings only.
constexpr auto kWords = std::to_array<ForeignWords>({
    // Questions.
    {"which",
     "welche welcher welches welchen welchem quel quelle quels quelles lequel laquelle cual cuales qual quais "
     "quale quali 哪个 哪些 哪一个 哪种 哪 どの どれ どちら"},
    {"what", "quoi cosa 什么 啥 何が 何を 何"},
    {"what is", "qu_est_ce_que_c_est c_est_quoi 是什么 とは"},
    {"why", "warum wieso weshalb pourquoi por_que perche 为什么 为何 为啥 なぜ どうして 何故 なんで"},
    {"where", "wo woher wohin donde onde dove 哪里 哪儿 在哪 何处 どこ"},
    {"when", "wann quand cuando quando 什么时候 何时 いつ"},
    {"who", "wer quien quienes quem chi 谁 誰 だれ"},
    {"how", "wie comment como come 怎么 如何 怎样 どうやって どう どのように"},
    {"how many",
     "wie_viele wieviele wie_viel wieviel combien cuanto cuantos cuantas quanto quantos quantas quanti "
     "quante 多少 几个 有几 几 いくつ 何件 何個 いくら"},
    {"how often", "wie_oft wie_haufig combien_de_fois cuantas_veces quantas_vezes quante_volte 几次 多少次 何回"},
    {"how long",
     "wie_lange wie_lang combien_de_temps cuanto_tiempo quanto_tempo 多久 多长 多长时间 どのくらい 何秒 何分"},
    {"how large", "wie_gros wie_hoch wie_weit 多大 どれくらい"},
    {"is there", "gibt_es y_a_t_il hay c_e ha_algum 有没有 是否有 ありますか"},
    {"failed why", "schlagt_fehl schlug_fehl"},
    // Orders.
    {"largest",
     "groste groster grostes grosten plus_grand plus_grande plus_gros mas_grande maior piu_grande 最大 一番大きい"},
    {"smallest",
     "kleinste kleinster kleinstes kleinsten plus_petit plus_petite mas_pequeno menor piu_piccolo 最小 "
     "一番小さい"},
    {"longest",
     "langste langster langstes langsten plus_long plus_longue mas_largo mas_larga mais_longo piu_lungo 最长 "
     "最久 最長 一番長い"},
    {"longest took",
     "langsten_gedauert plus_de_temps mas_tiempo mais_tempo piu_tempo 一番時間 最も時間 时间最长 耗时最长 最耗时"},
    {"shortest", "kurzeste kurzester kurzesten plus_court mas_corto mais_curto piu_breve piu_corto 最短"},
    {"slowest",
     "langsamste langsamster langsamstes langsamsten plus_lent plus_lente mas_lento mas_lenta mais_lento "
     "mais_lenta piu_lento piu_lenta 最慢 一番遅い 最も遅い"},
    {"fastest",
     "schnellste schnellster schnellsten plus_rapide mas_rapido mas_rapida mais_rapido piu_veloce 最快 "
     "一番速い 最速"},
    {"highest", "hochste hochster hochstes hochsten plus_haut plus_eleve mas_alto mas_alta mais_alto piu_alto 最高"},
    {"lowest", "niedrigste niedrigster niedrigsten tiefste plus_bas mas_bajo mais_baixo piu_basso 最低"},
    {"most", "meisten meiste am_meisten le_plus la_plus les_plus mas mais piu 最多 最 一番 最も"},
    {"least", "wenigsten le_moins menos meno 最少"},
    {"newest",
     "neueste neuester neuesten jungste plus_recent plus_recente mas_reciente mas_nuevo mais_recente "
     "piu_recente 最新"},
    {"oldest",
     "alteste altester altesten plus_ancien plus_ancienne plus_vieux mas_antiguo mas_viejo mais_antigo "
     "piu_vecchio 最旧 最老 最古 一番古い"},
    {"last", "letzte letzter letztes letzten zuletzt dernier derniere ultimo ultima 最后 上次 最近 最後"},
    {"first", "erste erster erstes ersten zuerst premier premiere primero primera primeiro primo prima 第一 首先 最初"},
    {"maximum", "maximal maximale hochstens maximo maxima massimo massima 最大值 上限 至多 最多可以"},
    {"minimum", "minimal mindestens minimo minima al_menos au_moins 最小值 下限 至少"},
    {"more than", "mehr_als plus_que mas_de mais_de piu_di 超过 以上"},
    {"less than", "weniger_als moins_de menos_de meno_di 少于 以下 不到"},
    {"over", "uber_dem au_dessus por_encima acima 高于 大于"},
    {"duplicate", "doppelt doppelte doublon duplicado duplicato 重复 同名 重複"},
    {"same name", "gleichnamig gleichen_namen meme_nom mismo_nombre mesmo_nome stesso_nome 同名的"},
    {"same", "gleiche gleichen derselbe meme mismo misma mesmo mesma stesso stessa 相同 一样 同じ"},
    {"different", "anders unterschiedlich different differente diferente diverso 不同 不一样 違う 異なる"},
    {"all", "alle allen alles tous toutes todos todas tutti tutte 所有 全部 すべて 全て"},
    {"no", "kein keine keinen keiner aucun aucune ningun ninguna nenhum nenhuma nessun nessuna 没有 无 ない"},
    {"without", "ohne sans sin sem senza 不带 なし"},
    {"empty", "leer leere vide vacio vacia vazio vuoto 空 为空"},
    {"missing", "fehlt fehlen fehlende fehlenden manque manquant manquante falta faltan manca 缺少 缺失 缺 足りない"},
    // What went wrong.
    {"error", "fehler fehlern fehlermeldung erreur errore erro 错误 报错 出错 エラー"},
    {"error message", "fehlermeldung message_d_erreur mensaje_de_error mensagem_de_erro 错误信息 エラーメッセージ"},
    {"failed",
     "fehlgeschlagen gescheitert fehlschlagt echoue echec echouent fallado fallo falla fallan falhou "
     "falha fallito fallisce fehl 失败 不通过 失敗"},
    {"aborted",
     "abgebrochen abbruch bricht_ab interrompu abandonne abortado interrumpio interrompido interrotto 中断 中止 "
     "异常终止"},
    {"crash", "absturz absturzt abgesturzt plante plantage planto 崩溃 クラッシュ 落ちる 落ちた"},
    {"warning",
     "warnung warnungen warnt gewarnt warnen avertissement avertit averti avertir advertencia avisa avisar "
     "aviso avvertimento 警告 告警"},
    {"exception", "ausnahme excepcion excecao eccezione 异常 例外"},
    {"cause reason", "grund ursache cause raison causa razon motivo 原因 理由"},
    {"rejected",
     "abgelehnt verworfen rejete refuse rechazado rechazada rechazo rejeitado recusado rifiutato 拒绝 被拒 拒否"},
    {"denied permission",
     "verweigert berechtigung zugriffsrechte permission_refusee permiso permisos permissao permesso 权限 "
     "没有权限"},
    {"killed", "beendet getotet tue tuer matado mato morto ucciso 杀掉 杀死 被杀 殺された 強制終了"},
    {"out of memory oom", "speichermangel manque_de_memoire falta_de_memoria memoria_insuficiente 内存不足 メモリ不足"},
    {"restarts",
     "neustart neustarts neu_gestartet redemarre redemarrage redemarrages reiniciado reinicio reinicios "
     "riavviato 重启 再起動"},
    {"stopped", "angehalten gestoppt arrete detenido parado fermato 停止"},
    {"started", "gestartet startet demarre iniciado arranco avviato 启动 起動"},
    {"broken", "kaputt defekt casse roto quebrado rotto 坏了 壊れた"},
    {"slow", "langsam lent lente lento lenta 慢 很慢 遅い"},
    {"problem", "problem probleme problema 问题 問題"},
    {"vulnerability", "schwachstelle sicherheitslucke vulnerabilite faille vulnerabilidad vulnerabilidade 漏洞 脆弱性"},
    {"conflict", "konflikt conflit conflicto conflito conflitto 冲突 競合"},
    {"refunded refund",
     "erstattet erstattung ruckerstattet rembourse remboursement reembolsado reembolsada reembolso "
     "rimborsato 退款 退钱 返金"},
    // What there is.
    {"file", "datei dateien fichier archivo fichero arquivo ficheiro 文件 ファイル"},
    {"directory folder",
     "verzeichnis ordner repertoire dossier directorio carpeta diretorio pasta cartella 目录 文件夹 "
     "ディレクトリ フォルダ"},
    {"path", "pfad chemin ruta caminho percorso 路径 パス"},
    {"line", "zeile zeilen ligne linea linha riga righe 行"},
    {"column", "spalte spalten colonne columna coluna colonna 列"},
    {"row", "datensatz fila registro 记录 レコード"},
    {"value", "wert werte valeur valor valore 值 数值 値"},
    {"default",
     "standardwert standardmasig voreinstellung vorgabe par_defaut por_defecto predeterminado por_defeito "
     "por_padrao predefinito 默认 默认值 缺省 既定 デフォルト"},
    {"number", "nummer zahl numero 号 编号 数字 番号"},
    {"count number", "anzahl nombre_de cantidad quantidade quantita 数量 个数 件数"},
    {"size", "grose taille tamano tamanho dimensione 大小 サイズ"},
    {"length", "lange longueur longitud comprimento lunghezza 长度 長さ"},
    {"capacity", "kapazitat capacite capacidad capacidade capacita 容量"},
    {"limit", "grenze obergrenze limite limitation limitiert 限制 制限"},
    {"characters", "zeichen caractere caracteres carattere 字符 文字"},
    {"bytes", "octets 字节 バイト"},
    {"odd", "ungerade ungeraden impair impaire impar dispari 奇数"},
    {"even", "gerade_zahl pair_nombre pares pari 偶数"},
    {"seconds", "sekunde sekunden seconde segundo segundos secondi 秒"},
    {"minutes", "minuten minuto minutos minuti 分钟 分間"},
    {"time", "zeit uhrzeit temps heure tiempo hora tempo 时间 時間 時刻"},
    {"date", "datum fecha data 日期 日付"},
    {"day", "tag tage jour dia giorno 天 日"},
    {"duration took",
     "dauer dauert gedauert dauerte duree dure duracion dura tardo tarda tardado duracao demorou durata "
     "耗时 用时 花费 时长 かかった かかる 所要時間"},
    {"timeout",
     "zeituberschreitung zeitlimit delai_d_attente delai tiempo_de_espera tempo_limite tempo_de_espera 超时 "
     "タイムアウト"},
    {"wait", "wartet warten attend attendre espera esperar aspetta 等待 待つ 待ち"},
    {"retries retry",
     "erneut wiederholt wiederholung wiederholungen tentatives reessaie reintenta reintentos "
     "reintentar tentativas riprova 重试 再試行 リトライ"},
    {"port", "puerto porta 端口 ポート"},
    {"listen", "lauscht horcht lauschen ecoute ecoutent escucha escuchar escuta ascolta 监听 待ち受け リッスン"},
    {"address", "adresse direccion endereco indirizzo 地址 アドレス"},
    {"host", "rechner hote maquina macchina 主机 ホスト"},
    {"device", "gerat appareil dispositivo aparelho 设备 デバイス"},
    {"server", "serveur servidor 服务器 サーバー サーバ"},
    {"service", "dienst dienste servicio servico servizio 服务 サービス"},
    {"database",
     "datenbank datenbanken base_de_donnees base_de_donnee base_de_datos banco_de_dados 数据库 データベース"},
    {"table", "tabelle tabla tabela tabella 表 テーブル"},
    {"connection", "verbindung verbindungen connexion conexion conexao connessione 连接 接続"},
    {"network", "netzwerk reseau rede rete 网络 ネットワーク"},
    {"request", "anfrage anfragen requete requetes peticion peticiones solicitud requisicao richiesta 请求 リクエスト"},
    {"response", "antwort antworten reponse respuesta resposta risposta 响应 应答 レスポンス 応答"},
    {"returns",
     "liefert gibt_zuruck zuruckgibt bekommt renvoie retourne renvoit devuelve devuelven retorna devolve "
     "restituisce ritorna 返回 返す 返る"},
    {"user", "benutzer nutzer anwender utilisateur usuario utente 用户 ユーザー ユーザ"},
    {"password", "passwort kennwort mot_de_passe contrasena senha 密码 パスワード"},
    {"login", "anmeldung einloggen inicio_de_sesion 登录 ログイン"},
    {"key", "schlussel cle clave llave chave chiave 键 密钥 キー"},
    {"process", "prozess prozesse processus proceso procesos processo processi 进程 プロセス"},
    {"occupies", "belegt belegen occupe ocupa occupa 占用 使っている"},
    {"memory", "speicher arbeitsspeicher hauptspeicher memoire memoria 内存 メモリ"},
    {"disk", "festplatte platte disque disco 磁盘 硬盘 ディスク"},
    {"queue", "warteschlange file_d_attente cola fila_de_espera coda 队列 キュー"},
    {"message", "nachricht nachrichten meldung mensaje mensagem messaggio 消息 信息 メッセージ"},
    {"comments", "kommentar kommentare commentaire comentario commento 评论 注释 コメント"},
    {"test", "prueba pruebas teste prova 测试 テスト"},
    {"build", "kompiliert gebaut compilation compilacion compilado compilato 构建 编译 ビルド"},
    {"compression", "komprimierung kompression compresion compressao 压缩 圧縮"},
    {"included", "enthalten dabei mit_drin inclus incluse incluido incluida incluso 包含 含まれ"},
    {"version", "versionen versao versione 版本 バージョン"},
    {"package", "paket pakete paquet paquete pacote pacchetto 包 软件包 パッケージ"},
    {"dependency", "abhangigkeit abhangigkeiten dependance dependencia dipendenza 依赖 依存"},
    {"library", "bibliothek bibliotheken bibliotheque biblioteca libreria 库 ライブラリ"},
    {"function", "funktion fonction funcion funcao funzione 函数 関数"},
    {"method", "methode metodo 方法 メソッド"},
    {"class", "klasse clase classe 类 クラス"},
    {"variable", "variablen 变量 変数"},
    {"property", "eigenschaft propriete propiedad propriedade proprieta 属性 プロパティ"},
    {"parameter argument", "parametro argumento argomento 参数 引数 パラメータ"},
    {"option", "opcion opcao opzione 选项 オプション"},
    {"setting", "einstellung einstellungen reglage parametre ajuste configuracao impostazione 设置 设定 設定"},
    {"configured configuration", "konfiguriert konfiguration configure configuracion configurado configurato 配置"},
    {"environment", "umgebung environnement entorno ambiente 环境 環境"},
    {"name", "nom nombre nome 名称 名字 名前"},
    {"called", "heist genannt appelle se_llama llamado chamado chiamato 叫做 调用 呼ばれ 呼び出し"},
    {"order", "bestellung bestellungen auftrag commande pedido orden pedidos ordine ordini 订单 注文"},
    {"customer", "kunde kunden client cliente clienti 客户 顾客 顧客"},
    {"price amount", "preis betrag prix montant precio importe monto preco prezzo importo 价格 金额 価格 金額"},
    {"invoice", "rechnung rechnungen facture factura fatura fattura 发票 账单 請求書"},
    {"payment paid", "zahlung bezahlt paiement paye pago pagado pagada pagamento pagato 支付 付款 支払"},
    {"discount", "rabatt remise reduction descuento desconto sconto 折扣 割引"},
    {"import", "importacion importacao importazione 导入 インポート"},
    {"export", "exportacion exportacao esportazione 导出 エクスポート"},
    {"nightly night",
     "nachtlich nachtliche nachtlicher nacht nocturne nuit nocturna nocturno noche noturna notte notturno "
     "夜间 夜間"},
    {"upload", "hochladen hochgeladen televerser televerse subir subido carregar caricare 上传 アップロード"},
    {"download", "herunterladen heruntergeladen telecharger descargar descarga baixar scaricare 下载 ダウンロード"},
    {"large big", "gros grose groser grand grande enorme 大 大きい 大きすぎ"},
    {"too", "trop demasiado troppo 太 すぎる"},
    {"small", "klein kleine petit petite pequeno piccolo 小さい"},
    {"parallel",
     "gleichzeitig paralleler simultane simultaneo paralelo parallelo paralela paralelos 并行 并发 同时 並列 "
     "並行"},
    {"running runs while",
     "lauft laufen laufend laufenden zur_laufzeit tourne en_cours ejecuta ejecutando corriendo "
     "executa esegue 运行 正在运行 运行时 実行 動いている"},
    {"change", "verandern modifier cambiar mudar modificare 修改 改变 更改 変える"},
    {"changed", "geandert modifie cambiado cambio mudou modificato 改了 变更 変更"},
    {"increase", "erhohen augmenter aumentar aumenta aumentare 增加 提高 増やす"},
    {"enable enabled",
     "aktiviere aktivieren aktiviert einschalten activer active activar habilito habilitar habilitado "
     "ativar attivare abilitare 启用 开启 有効"},
    {"disabled",
     "deaktiviert abgeschaltet ausgeschaltet desactive desactivado deshabilitado desativado disattivato 禁用 "
     "关闭 無効"},
    {"replaced",
     "ersetzt ersetzen remplace remplacee reemplazado reemplazada reemplaza substituido sostituito 替换 "
     "置き換え"},
    {"deleted", "geloscht supprime eliminado borrado excluido apagado eliminato 删除 删掉 削除"},
    {"created", "erstellt angelegt cree creee creado criado creato 创建 作成"},
    {"set", "gesetzt defini definie establecido definido impostato 设为 設定され"},
    {"used", "benutzt verwendet genutzt utilise utilisee usado utilizado usato 使用 使われ"},
    {"allowed", "erlaubt darf zulassig autorise permitido permite 允许 許可"},
    {"happens", "passiert geschieht se_passe pasa sucede ocurre acontece succede 发生 会怎样 怎么样 どうなる 起きる"},
    {"thrown raise", "geworfen wirft ausgelost lance leve lanza lanca lancia sollevato 抛出 投げ"},
    {"found", "gefunden trouve encontrado encontro encontrou trovato 找到 見つかっ"},
    {"check", "pruft prufung verifie controle verifica comprueba 检查 確認 チェック"},
    {"exceeded", "uberschreitet uberschritten depasse excede supera 超出 超え"},
    {"status", "zustand etat estado 状态 状態 ステータス"},
    {"certificate", "zertifikat certificat certificado certificato 证书 証明書"},
    {"expires", "lauft_ab ablaufen abgelaufen expire expira caduca vence scade scadenza verfallt 过期 到期 期限 切れ"},
    {"cost", "kosten kostet cout coute costo cuesta custo 费用 成本 コスト"},
    {"author wrote", "autor geschrieben auteur ecrit escrito scritto 作者 写的"},
    {"inactive", "inaktiv untatig inactif inactivo inativo inattivo 不活跃"},
    {"automatically", "automatisch automatiquement automaticamente 自动 自動"},
    {"future some day", "irgendwann kunftig zukunft futur avenir futuro 以后 将来"},
    {"again", "wieder nochmal de_nouveau otra_vez de_nuevo novamente di_nuovo 再次 再び"},
    {"place", "stelle ort endroit lugar sitio luogo 位置 地方 場所"},
    // Units.
    {"how many hours",
     "wie_viele_stunden combien_d_heures cuantas_horas quantas_horas quante_ore 几小时 多少小时 何時間"},
    {"how many days", "几天 多少天 何日"},
    {"hours", "stunden stunde heures horas ore 小时 時間後"},
    {"days", "tagen jours dias giorni 日間"},
    {"weeks", "woche wochen semaine semana settimana 周 週間"},
    {"months", "monat monate mois mes meses mese mesi 个月 月"},
    {"years", "jahr jahre annee ano anos anni 年"},
    {"milliseconds", "millisekunden millisecondes milisegundos millisecondi 毫秒 ミリ秒"},
    {"percent", "prozent pourcent por_ciento por_cento 百分比 パーセント"},
    {"sum total", "summe gesamt insgesamt somme suma soma somma 总和 总计 总共 合計"},
    {"average", "durchschnitt durchschnittlich moyenne promedio media 平均"},
    {"threshold", "schwelle schwellwert seuil umbral limiar soglia 阈值 しきい値"},
    {"before", "bevor avant antes prima_di 之前 以前 前に"},
    {"after", "nachdem danach apres despues depois dopo 之后 后来 後に"},
    {"since", "seit depuis desde 以来 から"},
    {"between", "zwischen entre tra 之间 間"},
    // States.
    {"succeeded passed", "erfolgreich bestanden reussi exitoso exitosa pasado sucesso riuscito 成功 通过 合格"},
    {"skipped", "ubersprungen ignore omitido saltado pulado saltato 跳过 スキップ"},
    {"pending", "ausstehend en_attente pendiente pendente in_attesa 待处理 保留"},
    {"ready", "bereit pret listo pronto 就绪 準備完了"},
    {"open", "offen offene ouvert abierto aberto aperto 打开 开放 オープン"},
    {"closed", "geschlossen ferme cerrado fechado chiuso 已关闭 クローズ"},
    {"expected", "erwartet attendu esperado atteso 期望 预期 期待"},
    {"required", "erforderlich notwendig requis requerido obrigatorio richiesto 必需 必须 必須"},
    {"supported", "unterstutzt pris_en_charge soportado suportado supportato 支持 サポート"},
    {"deprecated", "veraltet obsolete obsoleto 弃用 过时 非推奨"},
    {"unused", "unbenutzt ungenutzt inutilise sin_usar nao_usado inutilizzato 未使用 没用到"},
    {"installed", "installiert installe instalado instalada installato 安装 インストール"},
    {"unknown", "unbekannt inconnu desconocido desconhecido sconosciuto 未知 不明"},
    {"invalid", "ungultig invalide invalido invalida non_valido 无效 無効な"},
    // More of what there is.
    {"session", "sitzung sesion sessao sessione 会话 セッション"},
    {"token", "令牌 トークン"},
    {"cache", "zwischenspeicher 缓存 キャッシュ"},
    {"thread", "线程 スレッド"},
    {"filter", "filtre filtro 过滤 フィルタ"},
    {"lock", "sperre verrou bloqueo 锁 ロック"},
    {"event", "ereignis evenement evento 事件 イベント"},
    {"index", "索引 インデックス"},
    {"query", "abfrage consulta 查询 クエリ"},
    {"cluster", "集群 クラスタ"},
    {"node", "knoten noeud nodo 节点 ノード"},
    {"module", "modul modulo 模块 モジュール"},
    {"object", "objekt objet objeto oggetto 对象 オブジェクト"},
    {"array", "tableau arreglo 数组 配列"},
    {"template", "vorlage modele plantilla modelo 模板 テンプレート"},
    {"application", "anwendung aplicacion aplicacao applicazione 应用 アプリ"},
    {"log", "protokoll journal 日志 ログ"},
    {"branch", "zweig branche rama ramo 分支 ブランチ"},
    {"commit", "提交 コミット"},
    {"backup", "sicherung sauvegarde copia_de_seguridad copia_de_seguranca 备份 バックアップ"},
    {"owner", "besitzer eigentumer proprietaire propietario proprietario dono 所有者 拥有者"},
    {"page", "seite seiten pagina 页面 页 ページ"},
    {"header", "kopfzeile en_tete encabezado cabecera cabecalho intestazione 标头 头部 ヘッダー"},
    {"field", "feld felder champ campo 字段 フィールド"},
    {"string", "zeichenkette chaine cadena stringa 字符串 文字列"},
    {"list", "liste lista 列表 清单 リスト 一覧"},
    {"loop", "schleife boucle bucle laco ciclo 循环 ループ"},
    {"load usage", "auslastung charge carga carico 负载 使用率 負荷"},
    {"image", "bild imagen imagem immagine 镜像 图像 画像 イメージ"},
    {"device interface", "schnittstelle 接口 网卡 インターフェース"},
    {"schedule", "zeitplan planification programacion agendamento 计划任务 定时 スケジュール"},
    {"product", "produkt produit producto produto prodotto 商品 产品 製品"},
    {"job task", "aufgabe auftrage tache tarea tarefa attivita 任务 タスク ジョブ"},
    {"deployment", "ausrollen deploiement despliegue implantacao distribuzione 部署 デプロイ"},
    {"channel", "kanal canal canale 通道 频道 チャンネル"},
    {"container", "behalter conteneur contenedor 容器 コンテナ"},
    {"long", "lang longue largo lungo 长 長い"},
});

// Imperatives and infinitives by which somebody asks for a change. They count only in a sentence that is no question.
constexpr auto kRequests = std::to_array<ForeignWords>({
    {"fix",
     "behebe beheben repariere reparieren repare reparer corrige corriger arregla arreglar corregir corrigir "
     "consertar correggi correggere sistema sistemare 修复 修一下 修正 修好 直して"},
    {"change",
     "andere andern verandere modifie modifier cambia cambiar modifica altera alterar mude modificare 改成 改为 "
     "修改 変更して"},
    {"add",
     "hinzufugen fuge erganze erganzen ajoute ajouter anade anadir agrega agregar adiciona adicionar aggiungi "
     "aggiungere 添加 增加 追加して 追加"},
    {"remove",
     "entferne entfernen losche loschen supprimer enleve enlever elimina eliminar quita borra "
     "borrar remova remover rimuovi rimuovere 删除 去掉 移除 削除して"},
    {"rename",
     "benenne umbenennen renomme renommer renombra renombrar renomeia renomear rinomina rinominare 重命名 改名"},
    {"write",
     "schreibe schreib schreiben ecris ecrire escribe escribir escreva escrever scrivi scrivere 编写 写一个 "
     "書いて"},
    {"update",
     "aktualisiere aktualisieren mets_a_jour mettre_a_jour actualiza actualizar atualiza atualizar aggiorna "
     "aggiornare 更新 更新して"},
    {"refactor", "refaktoriere refactorisiere refactorise refactoriza refatora 重构 リファクタリング"},
    {"replace", "ersetze remplacer reemplaza reemplazar substitua substituir sostituisci 替换成 置き換えて"},
    {"implement", "implementiere implementieren implemente implementer implementa implementar 实现 実装して 実装"},
    {"review", "uberprufe uberprufen relis revisa revisar revise rivedi 审查 レビュー"},
    {"translate", "ubersetze ubersetzen traduis traduire traduce traducir traduza traduci 翻译 翻訳"},
});

// At the beginning of a question; elsewhere they are small words.
constexpr auto kOpenings = std::to_array<ForeignWords>({
    {"which", "que"},
    {"why", "porque"},
    {"where", "ou"},
    {"what", "was"},
});

/// Small words that are no English words.
constexpr std::string_view kSmall =
    // German
    "der das den dem des ein eine einer einen einem eines ist sind wird werden wurde wurden nicht und oder auf fur mit "
    "von vom zum zur beim ich du wir ihr sie mir mich uns es bitte noch schon auch nur dass wenn aber denn weil bei "
    "nach "
    "uber unter vor aus kann kannst konnen soll sollen muss hier dort diese dieser dieses diesem diesen sich haben "
    "hatte "
    "gibt mal viele sonst zu durch fuer ueber koennen muessen "
    // French
    "le la les du une est sont dans sur avec pour par pas ce cette ces qui il elle nous vous je mon ma sa leur aux "
    "etait etre ont se peut peux "
    // Spanish
    "el los las unos unas esta estan del al con para lo su sus este esto hay fue han ser puede puedo hubo "
    // Portuguese
    "una uma da dos das nao foi sao pelo pela isso pode tem "
    // Italian
    "gli di della dei delle nel nella che sono hanno non alla dal puo questo questa "
    // several
    "de en un que per si";

/// Question words of which the same holds.
constexpr std::string_view kQuestions =
    "warum wieso weshalb welche welcher welches welchen welchem wie wo wann wer pourquoi quel quelle quels quelles "
    "combien "
    "quand quoi porque cual cuales cuando cuanto cuantos cuantas donde quien quais quantos quantas onde perche quale "
    "quali "
    "quanti quante quando dove";

/// Small words that English has too, or that are no words in it, but stand in pieces of names.
constexpr std::string_view kSmallAlike =
    "die war was hat in an am um im so man als bis on a no me do as os o e y u i ne et ou c d l n s qu j m t son sin "
    "com "
    "tu mi is ai au peu plus ton "
    "一 的 了 吗 呢 是 在 里 和 与 这个 这 那个 那 会 能 可以 请 被 把 吧 过 我 我们 你 您 它 时 一个 有 中 "
    "は が を に の で と も か する した して いる です ます でした ました から まで へ や ですか ますか のは "
    "ください";

}  // namespace

std::span<const ForeignWords> foreign_words() {
  return kWords;
}

std::span<const ForeignWords> foreign_requests() {
  return kRequests;
}

std::span<const ForeignWords> foreign_openings() {
  return kOpenings;
}

std::string_view foreign_question_words() {
  return kQuestions;
}

std::string_view small_foreign_words() {
  return kSmall;
}

std::string_view small_words_alike() {
  return kSmallAlike;
}

}  // namespace headroom::compress
