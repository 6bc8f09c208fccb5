"""The words that dates are written with, in every language we meet; `datephrases.py` reads with them.

Spelled as people spell them, small letters or not; "_" joins what is written apart.
"""

# language -> the names of its twelve months, each with its other forms, the cases of a date among them
MONTHS = {
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, "
    "september sept sep, october oct, november nov, december dec",
    "fr": "janvier janv jan, février févr fév, mars, avril avr, mai, juin, juillet juil, août, "
    "septembre sept, octobre oct, novembre nov, décembre déc",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, "
    "septiembre setiembre sept sep set, octubre oct, noviembre nov, diciembre dic",
    "pt": "janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, agosto ago, "
    "setembro set, outubro out, novembro nov, dezembro dez",
    "it": "gennaio genn gen, febbraio febbr feb, marzo mar, aprile apr, maggio mag, giugno giu, luglio "
    "lug, agosto ago, settembre sett set, ottobre ott, novembre nov, dicembre dic",
    "ro": "ianuarie ian, februarie febr feb, martie mar, aprilie apr, mai, iunie iun, iulie iul, august "
    "aug, septembrie sept, octombrie oct, noiembrie noi nov, decembrie dec",
    "ca": "gener gen, febrer febr feb, març, abril abr, maig, juny, juliol jul, agost ago ag, setembre "
    "set, octubre oct, novembre nov, desembre des",
    "gl": "xaneiro xan, febreiro feb, marzo mar, abril abr, maio, xuño, xullo xul, agosto ago, setembro "
    "set, outubro out, novembro nov, decembro dec",
    "eu": "urtarrila urtarrilaren urt, otsaila otsailaren ots, martxoa martxoaren mar, apirila "
    "apirilaren api, maiatza maiatzaren mai, ekaina ekainaren eka, uztaila uztailaren uzt, abuztua "
    "abuztuaren abu, iraila irailaren ira, urria urriaren urr, azaroa azaroaren aza, abendua abenduaren "
    "abe",
    "de": "januar jänner jan jän, februar feber feb, märz maerz mär mrz, april apr, mai, juni jun, juli "
    "jul, august aug, september sept sep, oktober okt, november nov, dezember dez",
    "lb": "januar jan, februar feb, mäerz, abrëll, mee, juni, juli, august aug, september sep, "
    "oktober okt, november nov, dezember dez",
    "nl": "januari jan, februari febr feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, "
    "september sept sep, oktober okt, november nov, december dec",
    "af": "januarie jan, februarie feb, maart mrt, april apr, mei, junie jun, julie jul, augustus aug, "
    "september sep, oktober okt, november nov, desember des",
    "da": "januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, "
    "september sept sep, oktober okt, november nov, december dec",
    "no": "januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, september "
    "sept sep, oktober okt, november nov, desember des",
    "sv": "januari jan, februari feb, mars mar, april apr, maj, juni jun, juli jul, augusti aug, "
    "september sept sep, oktober okt, november nov, december dec",
    "is": "janúar jan, febrúar feb, mars mar, apríl apr, maí, júní jún, júlí júl, ágúst ágú, september "
    "sep, október okt, nóvember nóv, desember des",
    "fo": "januar, februar, mars, apríl, mai, juni, juli, august, september, oktober, november, desember",
    "fi": "tammikuu tammikuuta tammi, helmikuu helmikuuta helmi, maaliskuu maaliskuuta maalis, "
    "huhtikuu huhtikuuta huhti, toukokuu toukokuuta touko, kesäkuu kesäkuuta kesä, "
    "heinäkuu heinäkuuta heinä, elokuu elokuuta elo, syyskuu syyskuuta syys, lokakuu lokakuuta loka, "
    "marraskuu marraskuuta marras, joulukuu joulukuuta joulu",
    "et": "jaanuar jaan, veebruar veebr, märts, aprill apr, mai, juuni, juuli, august aug, september sept, "
    "oktoober okt, november nov, detsember dets",
    "lv": "janvāris janvārī janv, februāris februārī febr, marts martā, aprīlis aprīlī apr, maijs maijā, "
    "jūnijs jūnijā jūn, jūlijs jūlijā jūl, augusts augustā aug, septembris septembrī sept, "
    "oktobris oktobrī okt, novembris novembrī nov, decembris decembrī dec",
    "lt": "sausis sausio saus, vasaris vasario vas, kovas kovo kov, balandis balandžio bal, gegužė "
    "gegužės geg, birželis birželio birž, liepa liepos liep, rugpjūtis rugpjūčio rugp, rugsėjis rugsėjo "
    "rugs, spalis spalio spal, lapkritis lapkričio lapkr, gruodis gruodžio gruod",
    "pl": "styczeń stycznia sty, luty lutego lut, marzec marca mar, kwiecień kwietnia kwi, maj maja, "
    "czerwiec czerwca cze, lipiec lipca lip, sierpień sierpnia sie, wrzesień września wrz, "
    "październik października paź, listopad listopada lis, grudzień grudnia gru",
    "cs": "leden ledna led, únor února úno, březen března bře, duben dubna dub, květen května kvě, "
    "červen června čvn, červenec července čvc, srpen srpna srp, září zář, říjen října říj, "
    "listopad listopadu lis, prosinec prosince pro",
    "sk": "január januára jan, február februára feb, marec marca mar, apríl apríla apr, máj mája, jún "
    "júna, júl júla, august augusta aug, september septembra sep, október októbra okt, november "
    "novembra nov, december decembra dec",
    "sl": "januar januarja jan, februar februarja feb, marec marca mar, april aprila apr, maj maja, "
    "junij junija jun, julij julija jul, avgust avgusta avg, september septembra sep, oktober oktobra okt, "
    "november novembra nov, december decembra dec",
    "hr": "siječanj siječnja sij, veljača veljače velj, ožujak ožujka ožu, travanj travnja tra, svibanj "
    "svibnja svi, lipanj lipnja lip, srpanj srpnja srp, kolovoz kolovoza kol, rujan rujna ruj, listopad "
    "listopada lis, studeni studenoga studenog stu, prosinac prosinca pro",
    "bs": "januar januara jan, februar februara feb, mart marta mar, april aprila apr, maj maja, "
    "juni jun juna, juli jul jula, august augusta aug, septembar septembra sep, oktobar oktobra okt, "
    "novembar novembra nov, decembar decembra dec",
    "sr": "januar јануар јануара јан, februar фебруар фебруара феб, mart март марта мар, april април "
    "априла апр, maj мај маја, jun juna јун јуна, jul jula јул јула, avgust avgusta август августа авг, "
    "septembar septembra септембар септембра сеп, oktobar oktobra октобар октобра окт, novembar "
    "novembra новембар новембра нов, decembar decembra децембар децембра дец",
    "mk": "јануари јан, февруари фев, март мар, април апр, мај, јуни јун, јули јул, август авг, "
    "септември сеп септ, октомври окт, ноември ное ноем, декември дек",
    "bg": "януари яну ян, февруари фев, март мар, април апр, май, юни, юли, август авг, "
    "септември септ сеп, октомври окт, ноември ноем ное, декември дек",
    "ru": "январь января янв, февраль февраля февр фев, март марта мар, апрель апреля апр, май мая, "
    "июнь июня июн, июль июля июл, август августа авг, сентябрь сентября сент сен, "
    "октябрь октября окт, ноябрь ноября нояб ноя, декабрь декабря дек",
    "uk": "січень січня січ, лютий лютого лют, березень березня берез бер, квітень квітня квіт кві, "
    "травень травня трав тра, червень червня черв чер, липень липня лип, серпень серпня серп сер, "
    "вересень вересня верес вер, жовтень жовтня жовт жов, листопад листопада листоп лист лис, "
    "грудень грудня груд гру",
    "be": "студзень студзеня сту, люты лютага лют, сакавік сакавіка сак, красавік красавіка кра, май мая, "
    "чэрвень чэрвеня чэр, ліпень ліпеня ліп, жнівень жніўня жні, верасень верасня вер, "
    "кастрычнік кастрычніка кас, лістапад лістапада ліс, снежань снежня сне",
    "hu": "január jan, február febr feb, március márc már, április ápr, május máj, június jún, július júl, "
    "augusztus aug, szeptember szept, október okt, november nov, december dec",
    "el": "ιανουάριος ιανουαρίου ιαν, φεβρουάριος φεβρουαρίου φεβ, μάρτιος μαρτίου μαρ μαρτ μάώ μαώ, "
    "απρίλιος απριλίου απρ, μάιος μαΐου μάι μαι, ιούνιος ιουνίου ιούν, ιούλιος ιουλίου ιούλ, "
    "αύγουστος αυγούστου αύγ, σεπτέμβριος σεπτεμβρίου σεπ σεπτ, οκτώβριος οκτωβρίου οκτ, "
    "νοέμβριος νοεμβρίου νοε νοεμ, δεκέμβριος δεκεμβρίου δεκ",
    "tr": "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, "
    "eylül eyl, ekim eki, kasım kas, aralık ara",
    "az": "yanvar yan, fevral fev, mart mar, aprel apr, may, iyun iyn, iyul iyl, avqust avq, sentyabr sen, "
    "oktyabr okt, noyabr noy, dekabr dek",
    "uz": "yanvar yan январ, fevral fev феврал, mart mar март, aprel apr апрел, may май, iyun iyn июн, "
    "iyul iyl июл, avgust avg август, sentabr sen сентябр, "
    "oktabr okt октябр, noyabr noy ноябр, dekabr dek декабр",
    "kk": "қаңтар қаң, ақпан ақп, наурыз нау, сәуір сәу, мамыр мам, маусым мау, шілде шіл, тамыз там, "
    "қыркүйек қыр, қазан қаз, қараша қар, желтоқсан жел",
    "ky": "январь янв, февраль фев, март мар, апрель апр, май, июнь июн, июль июл, август авг, "
    "сентябрь сен, октябрь окт, ноябрь ноя, декабрь дек",
    "sq": "janar jan, shkurt shk, mars mar, prill pri, maj, qershor qer, korrik korr, gusht gush, "
    "shtator sht, tetor tet, nëntor nën, dhjetor dhj",
    "cy": "ionawr ion, chwefror chwef, mawrth maw, ebrill ebr, mai, mehefin meh, gorffennaf gorff, awst, "
    "medi, hydref hyd, tachwedd tach, rhagfyr rhag",
    "ga": "eanáir ean, feabhra feabh, márta, aibreán aib, bealtaine beal, meitheamh meith, iúil, lúnasa "
    "lún, meán_fómhair mfómh, deireadh_fómhair dfómh, samhain samh, nollaig noll",
    "mn": "нэгдүгээр_сарын, хоёрдугаар_сарын, гуравдугаар_сарын, дөрөвдүгээр_сарын, тавдугаар_сарын, "
    "зургаадугаар_сарын, долоодугаар_сарын, наймдугаар_сарын, есдүгээр_сарын, аравдугаар_сарын, "
    "арван_нэгдүгээр_сарын, арван_хоёрдугаар_сарын",
    "mt": "jannar, frar, marzu, april, mejju, ġunju, lulju, awwissu, settembru, ottubru, novembru, diċembru",
    "eo": "januaro, februaro, marto, aprilo, majo, junio, julio, aŭgusto, septembro, oktobro, novembro, "
    "decembro",
    "hy": "հունվար հունվարի հնվ, փետրվար փետրվարի փտվ, մարտ մարտի մրտ, ապրիլ ապրիլի ապր, մայիս մայիսի մյս, "
    "հունիս հունիսի հնս, հուլիս հուլիսի հլս, օգոստոս օգոստոսի օգս, սեպտեմբեր սեպտեմբերի սեպ, "
    "հոկտեմբեր հոկտեմբերի հոկ, նոյեմբեր նոյեմբերի նոյ, դեկտեմբեր դեկտեմբերի դեկ",
    "ka": "იანვარი იან, თებერვალი თებ, მარტი მარ, აპრილი აპრ, მაისი მაი, ივნისი ივნ, ივლისი ივლ, "
    "აგვისტო აგვ, სექტემბერი სექ, ოქტომბერი ოქტ, ნოემბერი ნოე, დეკემბერი დეკ",
    "ar": "يناير كانون_الثاني جانفي, فبراير شباط فيفري, مارس آذار, أبريل نيسان أفريل إبريل, مايو أيار ماي, "
    "يونيو حزيران جوان يونيه, يوليو تموز جويلية يوليه يوليوز, أغسطس آب أوت غشت أغشت, سبتمبر أيلول شتنبر, "
    "أكتوبر تشرين_الأول تشرين_أول, نوفمبر نونبر تشرين_الثاني تشرين_ثاني, ديسمبر دجنبر كانون_الأول كانون_أول",
    "fa": "ژانویه ژانویهٔ, فوریه فوریهٔ فبروری, مارس, آوریل, مه مهٔ می, ژوئن, ژوئیه ژوئیهٔ جولای, اوت اگوست, "
    "سپتامبر سپتمبر, اکتبر, نوامبر, دسامبر",
    "ur": "جنوری, فروری, مارچ, اپریل, مئی, جون, جولائی, اگست, ستمبر, اکتوبر, نومبر, دسمبر",
    "he": "ינואר בינואר ינו בינו, פברואר בפברואר פבר בפבר, מרץ במרץ מרס במרס, אפריל באפריל אפר באפר, "
    "מאי במאי, יוני ביוני, יולי ביולי, אוגוסט באוגוסט אוג באוג, ספטמבר בספטמבר ספט בספט, "
    "אוקטובר באוקטובר אוק באוק, נובמבר בנובמבר נוב בנוב, דצמבר בדצמבר דצמ בדצמ",
    "hi": "जनवरी जन, फ़रवरी फरवरी फ़र, मार्च, अप्रैल, मई, जून, जुलाई जुल, अगस्त अग, सितंबर सितम्बर सित, "
    "अक्टूबर अक्तूबर अक्टू, नवंबर नवम्बर नव, दिसंबर दिसम्बर दिस",
    "mr": "जानेवारी जाने, फेब्रुवारी फेब्रु, मार्च, एप्रिल एप्रि, मे, जून, जुलै, ऑगस्ट ऑग, सप्टेंबर सप्टें, "
    "ऑक्टोबर ऑक्टो, नोव्हेंबर नोव्हें, डिसेंबर डिसें",
    "ne": "जनवरी, फेब्रुअरी, मार्च, अप्रिल, मे, जुन, जुलाई, अगस्ट, सेप्टेम्बर, अक्टोबर, नोभेम्बर, डिसेम्बर",
    "bn": "জানুয়ারি জানুয়ারী জানু, ফেব্রুয়ারি ফেব্রুয়ারী ফেব, মার্চ, এপ্রিল এপ্রি, মে, জুন, জুলাই জুল, আগস্ট "
    "আগ, সেপ্টেম্বর সেপ, অক্টোবর অক্টো, নভেম্বর নভে, ডিসেম্বর ডিসে",
    "ta": "ஜனவரி ஜன, பிப்ரவரி பிப், மார்ச் மார், ஏப்ரல் ஏப், மே, ஜூன், ஜூலை, ஆகஸ்ட் ஆக, செப்டம்பர் செப், "
    "அக்டோபர் அக், நவம்பர் நவ, டிசம்பர் டிச",
    "te": "జనవరి జన, ఫిబ్రవరి ఫిబ్ర, మార్చి, ఏప్రిల్ ఏప్రి, మే, జూన్, జులై జూలై, ఆగస్టు ఆగస్ట్ ఆగ, సెప్టెంబర్ "
    "సెప్టెం, అక్టోబర్ అక్టో, నవంబర్ నవం, డిసెంబర్ డిసెం",
    "kn": "ಜನವರಿ ಜನ, ಫೆಬ್ರವರಿ ಫೆಬ್ರ, ಮಾರ್ಚ್, ಏಪ್ರಿಲ್ ಏಪ್ರಿ, ಮೇ, ಜೂನ್, ಜುಲೈ, ಆಗಸ್ಟ್ ಆಗ, ಸೆಪ್ಟೆಂಬರ್ ಸೆಪ್ಟೆಂ, "
    "ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ, ನವೆಂಬರ್ ನವೆಂ, ಡಿಸೆಂಬರ್ ಡಿಸೆಂ",
    "ml": "ജനുവരി ജനു, ഫെബ്രുവരി ഫെബ്രു, മാർച്ച് മാർ, ഏപ്രിൽ ഏപ്രി, മേയ് മെയ്, ജൂൺ, ജൂലൈ, ഓഗസ്റ്റ് ആഗസ്റ്റ് ഓഗ, "
    "സെപ്റ്റംബർ സെപ്റ്റം, ഒക്ടോബർ ഒക്ടോ, നവംബർ നവം, ഡിസംബർ ഡിസം",
    "gu": "જાન્યુઆરી જાન્યુ, ફેબ્રુઆરી ફેબ્રુ, માર્ચ, એપ્રિલ, મે, જૂન, જુલાઈ, ઑગસ્ટ ઓગસ્ટ, સપ્ટેમ્બર સપ્ટે, ઑક્ટોબર "
    "ઓક્ટોબર ઑક્ટો, નવેમ્બર નવે, ડિસેમ્બર ડિસે",
    "pa": "ਜਨਵਰੀ, ਫ਼ਰਵਰੀ ਫਰਵਰੀ, ਮਾਰਚ, ਅਪ੍ਰੈਲ, ਮਈ, ਜੂਨ, ਜੁਲਾਈ, ਅਗਸਤ, ਸਤੰਬਰ, ਅਕਤੂਬਰ, ਨਵੰਬਰ, ਦਸੰਬਰ",
    "si": "ජනවාරි, පෙබරවාරි, මාර්තු, අප්‍රේල්, මැයි, ජූනි, ජූලි, අගෝස්තු, සැප්තැම්බර්, ඔක්තෝබර්, නොවැම්බර්, දෙසැම්බර්",
    "th": "มกราคม ม.ค, กุมภาพันธ์ ก.พ, มีนาคม มี.ค, เมษายน เม.ย, พฤษภาคม พ.ค, มิถุนายน มิ.ย, กรกฎาคม ก.ค, "
    "สิงหาคม ส.ค, กันยายน ก.ย, ตุลาคม ต.ค, พฤศจิกายน พ.ย, ธันวาคม ธ.ค",
    "lo": "ມັງກອນ, ກຸມພາ, ມີນາ, ເມສາ, ພຶດສະພາ, ມິຖຸນາ, ກໍລະກົດ, ສິງຫາ, ກັນຍາ, ຕຸລາ, ພະຈິກ, ທັນວາ",
    "km": "មករា, កុម្ភៈ, មីនា, មេសា, ឧសភា, មិថុនា, កក្កដា, សីហា, កញ្ញា, តុលា, វិច្ឆិកា, ធ្នូ",
    "my": "ဇန်နဝါရီ, ဖေဖော်ဝါရီ, မတ်, ဧပြီ, မေ, ဇွန်, ဇူလိုင်, ဩဂုတ်, စက်တင်ဘာ, အောက်တိုဘာ, နိုဝင်ဘာ, ဒီဇင်ဘာ",
    "vi": "tháng_một tháng_giêng, tháng_hai, tháng_ba, tháng_tư, tháng_năm, tháng_sáu, tháng_bảy, "
    "tháng_tám, tháng_chín, tháng_mười, tháng_mười_một, tháng_mười_hai tháng_chạp",
    "id": "januari jan, februari feb, maret mar, april apr, mei, juni jun, juli jul, agustus agu agt, "
    "september sep sept, oktober okt, november nov nop, desember des",
    "ms": "januari jan, februari feb, mac, april apr, mei, jun, julai jul, ogos ogo, september sep, "
    "oktober okt, november nov, disember dis",
    "fil": "enero ene, pebrero peb, marso mar, abril abr, mayo may, hunyo hun, hulyo hul, agosto ago, "
    "setyembre set, oktubre okt, nobyembre nob, disyembre dis",
    "sw": "januari jan, februari feb, machi mac, aprili apr, mei, juni jun, julai jul, agosti ago, "
    "septemba sep, oktoba okt, novemba nov, desemba des",
}
# Of others, a short form as ara is read only where the language is known: it is a word in many.
KNOWN_EVERYWHERE = frozenset("en fr es pt it de nl da no sv".split())
SAME_MONTHS = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "tl": "fil", "sh": "hr"}  # other codes

# The solar calendar of Iran: 1 Farvardin is the first day of spring.
SOLAR_MONTHS = "فروردین, اردیبهشت, خرداد, تیر, مرداد امرداد, شهریور, مهر, آبان, آذر, دی, بهمن, اسفند"

# The days of the week, in any order: they are only passed over.
WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "mon tue tues wed weds thu thur thurs fri sat sun "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
    "lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom "
    "segunda terça quarta quinta sexta feira segunda_feira seg ter qua qui sex "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica gio "
    "luni marți miercuri joi vineri sâmbătă duminică mie vin sâm dum "
    "dilluns dimarts dimecres dijous divendres dissabte diumenge dl dt dc dj dv ds dg "
    "luns mércores xoves venres "
    "astelehena asteartea asteazkena osteguna ostirala larunbata igandea "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo saterdag sondag vrydag "
    "mandag tirsdag onsdag torsdag fredag lørdag søndag man tir tirs ons tor tors fre lør søn "
    "måndag tisdag lördag söndag mån tis lör sön tysdag laurdag "
    "mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur sunnudagur "
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai ti ke to pe la su "
    "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina "
    "esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev "
    "pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena "
    "pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis "
    "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz ndz nd "
    "pondělí úterý středa čtvrtek pátek neděle po út st čt pá ne "
    "pondelok utorok streda štvrtok piatok nedeľa ut št pi "
    "ponedeljek torek sreda četrtek petek nedelja čet pet ned "
    "ponedjeljak ponedeljak utorak srijeda četvrtak petak subota nedjelja uto sri sre sub "
    "понедељак уторак среда четвртак петак субота недеља "
    "понеделник вторник сряда четвъртък четврток петък петок събота сабота неделя недела "
    "понедельник четверг пятница суббота воскресенье пн вт ср чт пт сб вс нд "
    "понеділок вівторок середа четвер п'ятниця субота неділя "
    "панядзелак аўторак серада чацвер пятніца нядзеля "
    "hétfő kedd szerda csütörtök péntek szombat vasárnap "
    "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt sal çar per cum cmt paz "
    "дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі "
    "e_hënë e_martë e_mërkurë e_enjte e_premte e_shtunë e_diel "
    "dydd_llun dydd_mawrth dydd_mercher dydd_iau dydd_gwener dydd_sadwrn dydd_sul "
    "dé_luain dé_máirt dé_céadaoin déardaoin dé_haoine dé_sathairn dé_domhnaigh "
    "senin selasa rabu kamis jumat jum'at sabtu minggu sen sel rab kam jum sab min "
    "ahad isnin khamis jumaat lunes miyerkules huwebes biyernes sabado linggo "
    "thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu thứ_bảy chủ_nhật "
    "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์ "
    "วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์ วันอาทิตย์ "
    "วันจันทร์ที่ วันอังคารที่ วันพุธที่ วันพฤหัสบดีที่ วันศุกร์ที่ วันเสาร์ที่ วันอาทิตย์ที่ "
    "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार मंगळवार सोम मंगल बुध गुरु शुक्र शनि रवि "
    "सोमबार मङ्गलबार बुधबार बिहिबार शुक्रबार शनिबार आइतबार "
    "সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার "
    "సోమవారం మంగళవారం బుధవారం గురువారం శుక్రవారం శనివారం ఆదివారం "
    "திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயிறு "
    "തിങ്കളാഴ്ച ചൊവ്വാഴ്ച ബുധനാഴ്ച വ്യാഴാഴ്ച വെള്ളിയാഴ്ച ശനിയാഴ്ച ഞായറാഴ്ച "
    "الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد "
    "دوشنبه سه_شنبه سهشنبه چهارشنبه پنجشنبه پنج_شنبه جمعه شنبه یکشنبه "
    "پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار "
    "יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי שבת יום_שבת יום_ראשון "
    "יום_א יום_ב יום_ג יום_ד יום_ה יום_ו"
)

# What stands in and around a date and says nothing of it: little words, endings, labels.
FILLERS = (
    "the of at on st nd rd th o clock local_time date time published posted last updated created "
    "le l du er à en publié mis_à_jour_le mis_en_ligne_le heures "
    "de del d da do di el il la las les los as às em ai alle ore ora hs hora horas dia día "
    "publicado pubblicato actualizado atualizado aggiornato o a º ª "
    "am um den der vom uhr zuerst veröffentlicht aktualisiert stand "
    "op om uur e gepubliceerd bijgewerkt geplaatst "
    "kl klokken publicerad publisert udgivet oppdatert uppdaterad opdateret klo julkaistu päivitetty "
    "dnia godz godzina r roku opublikowano v dne hod publikováno ob u sati godine god g "
    "m gada plkst kell val ta ko eko "
    "в г года году о об го опубликовано обновлено р рік року опубліковано ч часа ж оны гараг "
    "στις του η ης թ "
    "saat günü yayınlanma tarihi güncelleme "
    "pukul jam tanggal tgl pada "
    "ngày lúc năm vào "
    "วันที่ เวลา น พ.ศ ค.ศ เมื่อ ที่ "
    "को बजे "
    "يوم في الساعة م ميلادي ميلادية ساعت در تاریخ "
    "בשעה ב "
    "發布時間 發佈時間 发布时间 發布日期 发布日期 發表時間 发表时间 發稿時間 刊登時間 更新時間 更新时间 "
    "最近更新 最后更新 最後更新 "
    "時間 时间 日期 發布 發佈 发布 發表 发表 刊登 更新 公開日 公開 更新日 投稿日 投稿 掲載 配信 日時 "
    "입력 기사입력 수정 등록 승인"
)

# The halves of a day. After the hour stand all; before it only those of the first three scripts.
BEFORE_THE_HOUR = {
    "am": "上午 午前 오전 凌晨 清晨 早上 早晨 새벽 아침",
    "pm": "下午 午後 午后 오후 傍晚 저녁",
    "noon": "中午",
    "night": "晚上 晚間 晚间 夜間 夜间 밤",
}
AFTER_THE_HOUR = {
    "am": "a.m am pg vm p.d π.μ πμ ص صباحا ق.ظ قبل_از_ظهر قبلازظهر ÖÖ SA sáng पूर्वाह्न",
    "pm": "p.m pm ptg nm m.d μ.μ μμ م مساء ب.ظ بعد_از_ظهر بعدازظهر ÖS CH chiều अपराह्न",
    "noon": "noon midday",
}
NOON = "noon midday 正午 정오 mediodía midi полдень"  # twelve o'clock by themselves

# Words after the hour that are no half of the day.
OCLOCK = "uhr hrs hr hs h uur hod น ч"

# Names of zones -> hours from UTC, or the place that keeps that time.
ZONES: dict[str, float | str] = {
    name.replace("_", " "): hours
    for names, hours in (
        ("z ut utc gmt wet greenwich_mean_time", 0),
        ("brt art uyt", -3),
        ("brst", -2),
        ("nst", -3.5),
        ("ndt", -2.5),
        ("adt clst", -3),
        ("ast edt clt vet", -4),
        ("est cdt cot", -5),
        ("cst mdt", -6),
        ("mst pdt", -7),
        ("pst akdt", -8),
        ("akst", -9),
        ("hst", -10),
        ("bst cet mez met wat west", 1),
        ("cest mesz mest eet sast cat", 2),
        ("eest msk мск eat trt idt", 3),
        ("irst", 3.5),
        ("gst azt", 4),
        ("aft", 4.5),
        ("pkt uzt yekt", 5),
        ("ist", 5.5),
        ("npt", 5.75),
        ("bdt omst", 6),
        ("mmt", 6.5),
        ("ict wib krat novt", 7),
        ("hkt sgt myt pht awst wita irkt", 8),
        ("jst kst wit yakt", 9),
        ("acst", 9.5),
        ("aest chst vlat", 10),
        ("acdt", 10.5),
        ("aedt magt", 11),
        ("nzst pett", 12),
        ("nzdt", 13),
        ("beijing_time china_standard_time taipei_standard_time taipei_time taiwan_time hong_kong_time", 8),
        ("singapore_time singapore_standard_time malaysia_time", 8),
        ("japan_standard_time tokyo_time korea_standard_time", 9),
        ("india_standard_time", 5.5),
        ("moscow_time по_мск по_москве московское_время", 3),
        ("central_european_time", 1),
        ("central_european_summer_time", 2),
        ("eastern_standard_time", -5),
        ("eastern_daylight_time", -4),
        ("central_standard_time", -6),
        ("central_daylight_time", -5),
        ("mountain_standard_time", -7),
        ("mountain_daylight_time", -6),
        ("pacific_standard_time", -8),
        ("pacific_daylight_time", -7),
        ("بتوقيت_غرينتش توقيت_غرينتش", 0),
        ("بتوقيت_مكة_المكرمة بتوقيت_مكة", 3),
        ("et eastern_time", "America/New_York"),
        ("ct central_time", "America/Chicago"),
        ("mt mountain_time", "America/Denver"),
        ("pt pacific_time", "America/Los_Angeles"),
    )
    for name in names.split()
}
# Names that mean another zone in some languages.
ZONES_BY_LANGUAGE: dict[str, dict[str, float]] = {
    "cst": {"zh": 8},
    "cdt": {"zh": 9},
    "ist": {"he": 2, "iw": 2, "ga": 1, "en-ie": 1},
    "bst": {"bn": 6, "en-bd": 6},
    "ast": {"ar": 3},
    "est": {"en-au": 10},
    "edt": {"en-au": 11},
    "pst": {"fil": 8, "tl": 8, "en-ph": 8},
    "gst": {"en-gu": 10},
}
# Zones that Chinese, Japanese and Korean put before or behind a time.
ZONES_EAST = (
    (
        r"(?:北京|中[国國](?:[标標][准準])?|台北|臺北|台湾|台灣|臺灣|香港|本港|新加坡|马来西亚|馬來西亞)(?:[时時][间間])",
        8,
    ),
    (
        r"(?:日本|[东東]京|[韩韓][国國]|首[尔爾])(?:[标標][准準])?[时時][间間]|日本標準時|한국\s?(?:표준시|시간)",
        9,
    ),
    (r"(?:格林[威尼]治|[世協协][界調调][标標時时][准準時时間间]*)(?:[标標][准準])?(?:[时時][间間])?", 0),
)
# What is written in one time zone, when nothing else names the zone: (letters or words, zone).
WRITTEN_IN: tuple[tuple[str, float | str], ...] = (
    (r"^1[0-4]\d(?:[/.-]|\d{4}(?!\d))", 8),  # the years of 民國, in numbers
    (r"[ᄀ-ᇿ㄰-㆏가-힣]", 9),
    (r"[ぁ-ヿ]|午前|午後|曜|令和|平成|昭和|\b[rhs]\.?\s?\d{1,2}[年./-]", 9),
    (r"[年月日號号]|[上下]午|凌晨|晚[上間间]|早[上晨]|中午|民[國国]|[週周]|星期", 8),
    (r"[\u0e00-\u0eff\u1780-\u17ff]|\bthang\b|\bngay\b", 7),
    (r"[\u1000-\u109f]", 6.5),
    (r"[\u0900-\u097f\u0a00-\u0aff\u0b80-\u0dff]", 5.5),
    (r"[\u0530-\u058f\u10a0-\u10ff]", 4),
    (r"[\u0590-\u05ff]", "Asia/Jerusalem"),
    (r"[\u0370-\u03ff]", "Europe/Athens"),
)

# Where words are shared, the language tells.
ZONES_OF_LANGUAGES = {"ja": 9.0, "ne": 5.75}

# Whose 05/03/2024 is surely the fifth of March, and whose the third of May. Regions settle before
# languages; None: both are written there.
DAY_FIRST: dict[str, bool | None] = {
    **dict.fromkeys(
        "fr es pt it ro ca gl de lb nl da no nb nn sv is fo fi et lv pl cs sk sl hr bs sr mk bg ru uk "
        "be el tr az uz kk "
        "ky sq cy ga mt hy ka ar ur he iw hi mr bn ta te kn ml gu pa th lo km my vi id in ms sw".split(),
        True,
    ),
    **dict.fromkeys(
        "en-gb en-au en-nz en-ie en-in en-hk en-sg en-my en-za en-ke en-ng en-gh en-pk en-bd en-lk "
        "en-jm en-tt en-mt en-001 en-150 zh-hk zh-mo zh-sg zh-my zh-hant-hk zh-hant-mo zh-hans-hk "
        "zh-hans-mo zh-hans-sg".split(),
        True,
    ),
    **dict.fromkeys(["en-us", "en-ph", "fil", "tl"], False),
    **dict.fromkeys(["es-us", "es-pr", "es-pa", "fr-ca"], None),
}

HAN_DIGITS = "〇一二三四五六七八九"
ERAS = {  # the first and the last year of each
    "令和": (2019, 2118),
    "平成": (1989, 2019),
    "昭和": (1926, 1989),
    "大正": (1912, 1926),
    "明治": (1868, 1912),
}
ERA_LETTERS = {"r": "令和", "h": "平成", "s": "昭和"}
