package sanctions

// spelledNames show the letter model how names are written in languages that the other tables and the
// lists know little of. Own work, from general knowledge of names.
var spelledNames = set(`
	aaltonen aino antti eero eija eino heikki heikkinen hannu hamalainen heinonen helmi ilkka jarvinen jouko juha juhani jukka kaarina kaisa karjalainen
	kari katri kinnunen koskinen korhonen laine laitinen lauri lehtonen liisa makinen markku matti mikko miettinen mikkola nieminen niemi niina outi paavo
	pekka pirkko rantanen riikka saarinen salminen salonen savolainen seppo sirpa taina tapio tarja timonen toivo tuomas turunen tuula ulla vaino veikko virtanen ville yrjo
	aadu jaan kaarel kask kristjan maarika mart meelis piret priit rebane saar sepp tamm tiit toomas urmas vaher
	balodis berzins dzintars eglitis janis kalnins liepins ozols andris guntis ilze juris karlis liga maris peteris
	algirdas butkus dalia gediminas jankauskas jonas kazlauskas mindaugas paulauskas petrauskas rasa stankevicius vytautas zukauskas
	andras balazs balogh ferenc fekete farkas gabor gyorgy horvath ildiko imre istvan janos jozsef juhasz katalin kiss kovacs laszlo lakatos meszaros miklos molnar nagy nemeth
	olah orsolya papp sandor simon szabo szilagyi takacs tibor toth varga zoltan zsofia zsolt zsuzsanna
	agnieszka andrzej bartosz bogdan czerwinski dabrowski dariusz dorota elzbieta grabowski grzegorz jankowski janusz jaroslaw jerzy kaczmarek kaminski katarzyna kowalczyk
	kowalski kozlowski krawczyk krzysztof lewandowski maciej malgorzata mazur michal nowak pawel piotr piotrowski przybylski ryszard slawomir stanislaw szymanski tomasz
	wieczorek wisniewski wlodzimierz wojciech wojciechowski wozniak wojcik zajac zbigniew zielinski
	alena bohumil cerny dusan dvorak frantisek fiala hajek havel horak hrubes jaroslav jiri kucera ladislav libor lubomir milos miroslav novak novotny ondrej pavla petr pokorny
	prochazka radek radim radovan ruzicka sedlak stanislav svoboda tomas vaclav vesely vlastimil zdenek zdenka zeman
	aagaard anders arne asbjorn astri bakken bente berg bjarne bjork borge dag eide egil einar eirik espen frode gudmundsson gudrun guttorm haakon hagen halvorsen hanne haugen henriksen
	ingeborg ingvild jarle jorgensen jorn knudsen kjell kjeld kristoffersen lene lindberg lindqvist lindstrom ljung magnus magnusson morten nils nygaard odd oddvar ola olav olaf ove pettersen
	ragnar ragnhild rasmussen rune sigrid sigurd silje sjoberg solveig soren steinar stig strand svein sverre thorsten torben tore trond ulf vidar vigdis wikstrom aasen oyvind
	adriaan anneke bakker bart boer brouwer cornelis dekker dijkstra dirk femke geert gerrit hendrik hendriks hoekstra huisman jacobs janssen jansen joost joris kees kok kuipers leeuwen
	lotte maarten maes marijke meijer mulder peeters pieter postma rutger sanne schouten smit sjoerd smits timmermans veenstra vermeulen visser vos willem willems wouter wouters
	achim baumann bettina brandt dietrich dirk eberhard engel friedrich fritz gerhard gisela gottfried gunter hartmut heinz helmut hildegard horst ingo jens jochen jorg jurgen kuhn lothar
	ludwig manfred meinhard ottmar pfeiffer rainer reiner rudiger scheuermann schroder sieglinde siegfried steffen thorsten ulla vogler walther winfried zimmermann
	albescu andrei bogdan catalin ciobanu constantin constantinescu cosmin costel cristea dragomir dumitrescu dumitru florin gheorghe ghita ilie ionescu ionut iulian liviu lucian marin marius
	mihai mircea munteanu nicolae ovidiu popa popescu radu razvan sorin stan stanescu stoica tudor vasile viorel
	adem altan arslan arzu aslan atilla aybuke ayhan ayse aysun bekir berk beyza burak burcu can cem cemil ceylan cetin derya devrim dogan durmaz ebru elif emine emre engin ercan erdal erdem
	erdogan erkan erol ersoy esra fatih fatma feyza filiz gokhan gonul gulay guler gunes hakan halil hande hasan hatice havva hulya ilhan irem ismet kadir kaan kaplan kara kemal kerem koc korkmaz
	kubra leyla levent melek melike meltem meryem metin murat neslihan nihat nurcan nuray onur orhan osman ozan ozdemir ozge ozgur ozkan pinar polat recep sakarya sahin sedat selcuk selim selma
	semra serdar serkan sevgi sibel sinan suleyman tekin tezcan tolga tugba tuncay turan turk turgut ufuk ugur umit unal yalin yasar yasemin yavuz yeliz yildirim yusuf zehra zeynep zeki
	adiputra agung agus ahmad andika anwar aryanti astuti ayu bambang budi budiman cahya darmawan dewi dian dwi eka endang fajar fitri gunawan hadi handayani hartono hendra hidayat indah
	iskandar joko kurniawan kusuma lestari maulana megawati mulyani ningsih nugroho nurul permata pranoto prasetyo pratama pratiwi purnama puspita putra putri rahayu ratna rini rudi santoso
	saputra saragih sari setiawan siregar siti slamet sri suharto sukarno suryani susanto sutrisno tri utami wahyu wati wibowo widodo wijaya wulan yanti yuli yulia
	aarav aditi aditya ajay akash amit anil anita anjali arjun arun asha ashok bhavna chandra deepak dev dinesh divya ekta farhan ganesh gauri geeta gopal govind harish hemant indira ishaan jagdish
	jaya kailash kalpana kamala karan kavita kiran krishna lakshmi lalit madhu mahesh manish manju manoj meena mohan mukesh nandini narendra naveen neha nikhil nisha padma pankaj pooja prabhu pradeep
	pranav prasanna prem priya rachna radha rahul raja rajesh rajni rakesh ramesh rani ravi rekha ritu rohan rohit sachin sanjay sanjeev sarita satish savita seema shanti shashi shilpa shiv shreya
	shweta sita smita sneha sonal subhash sudha suman sunil sunita suresh sushma swati tanvi tejas uday uma usha vandana varun vasant venkat vijay vikram vimal vinay vinod vishal vivek yamini yash
	acharya ahluwalia arora basu batra bhandari bhardwaj bhattarai chandran dhar dutt ghimire gurung hegde jadhav jain kadam kamat karki khadka kulkarni lama magar manandhar manne menon naik naidu
	padmanabhan pant parikh patil pawar pillay rajagopal rege sagar sawant setty shenoy shinde shrestha subedi swaminathan tamang thapa varma venkatesan vyas wadhwa
	fernando jayasuriya jayawardena perera rajapaksa ranasinghe silva wickramasinghe wijesinghe bandara dissanayake gunawardena
	aguinaldo bautista bayani dalisay dimaculangan macapagal magsaysay manalo mercado panganiban pangilinan salonga tolentino villanueva
	anong apinya arthit chai charoen chatchai kanya kittisak malai narong nattapong niran nopparat pornthip prasert ratana siriporn somchai somsak sukhum supaporn surasak thaksin wichai
	aoki arai endo fujii fujita fukuda goto haruto hashimoto hayashi hideo hiroko hiroshi ichiro inoue ishikawa kaito kazuo keiko kenji kimura kiyoshi kondo maeda makoto masako matsuda matsumoto
	michiko mori murakami naoko nakajima nishimura noriko ogawa okada ono ryota saito sakamoto sakura satoshi shimizu shinji shimada takashi takeshi tetsuya ueda uchida yamaguchi yamazaki yoko yuki yumiko
	abebe addo adebayo adeola adewale afolabi akinyi amadi amara ankomah appiah asante ayodele balogun bekele boateng chidi chiamaka chukwu danso dlamini ebere eze gathoni gebre girma haile
	igwe ikechukwu juma kamau kariuki khumalo kimani kiplagat kofi kwame kwaku lekan makena mandela mbeki mthembu mugabe mutua mwangi mwamba naledi ndlovu ngozi njoroge nkosi nkrumah nnamdi
	nwosu nyambura obi ochieng odhiambo ogunleye ojo okafor okeke okonkwo okoye olumide omondi onyango oluwaseun opoku otieno owusu sibusiso sithole tadesse tendai tesfaye thabo uche wairimu wambui wanjiru yeboah zulu
	achilleas alexandros anastasios antonios apostolos athanasios charalambos christos dimitrios dimitriou eleftherios evangelos georgios georgiou giannis ioannidis ioannis karagiannis
	katsaros konstantinos kostas makris nikolaidis nikolaos nikos panagiotis papadakis papadopoulos pavlidis spyros stavros stelios theodoros vasileios vasilis
	agim altin arben besnik blerim bujar dritan ermal fatmir gezim hoxha ilir kreshnik leka luan mirela shehu shkelqim valbona xhafer
	ante branko davor dejan dragan goran igor ivica jelena jovan jovanovic kovacevic ljubica marko milan milica milorad miodrag nebojsa nenad nikolic novica petrovic predrag radoslav sasa slobodan
	snezana srdjan stevan tomislav vesna vladislav vuk zoran zeljko
	abbott aldridge alistair angus archibald ashworth atkins barclay barnaby beatrix bellamy bradshaw bramwell callum cameron cavendish chadwick clifford crispin cromwell declan dermot drummond
	eamonn fairweather fergus finlay fiona fitzpatrick gareth gethin gilchrist hamish hargreaves heathcote huxley imogen iwan kieran lachlan llewellyn lochlan mcallister mcbride mcintyre
	niamh oconnell oisin penrose pemberton rhiannon rhys rosalind rowan saoirse seamus sinead siobhan tamsin thackeray whitaker wilfred winifred wordsworth
	agnelli alessia amato barbieri bruno caruso cattaneo chiara colombo conte dossetti enzo esposito fabbri fabrizio ferraro filippo fontana gallo galli gennaro giacomo gianluca gianni greco
	lombardo longo luigi mancini mariani marini martinelli massimo mirko monti nicolo orlando palmieri parisi pellegrini raffaello rinaldi rizzo ruggiero salvatore santoro sorrentino testa tommaso umberto vitale
	ahonen anttila eskola hakala halonen harju hiltunen hirvonen hyvonen heiskanen huttunen jokinen kallio kauppinen keranen kettunen kivela koivisto koskela kosonen laakso lahtinen lampinen lappalainen
	laukkanen leppanen luoma makela manninen mattila moilanen mustonen niskanen nurmi ojala oksanen pelkonen peltola peltonen pitkanen pulkkinen rasanen rautio saarela savela seppala seppanen sillanpaa
	suominen tervo toivonen tuominen vainio vaisanen vanhanen vartiainen ylonen annika eerika elina eveliina hanna helena hilkka iida irmeli johanna juho juhana kalle kalevi kirsi maarit maija marjatta
	marjut merja minna mirja nea onni oskari paivi petteri pirjo raimo reijo ritva roope saara sanna satu seija sini sirkka sofia sointu susanna suvi tero terttu timo tuija tuomo tuulikki unto urho
	valtteri vilho akbulut akcay akin aksoy aktas akyol altintas arikan ates avci aydemir aygun bahar balci baran baris basaran bayram bayraktar bilge bilgin bircan bozkurt bulut cakir cakmak caliskan
	candan canan cinar cihan coban coskun demirci demirel deniz dilek dincer dursun ece eda efe ekinci elmas emir eren erbil ercument ergin erguven ersin ertan ertugrul erturk esen eymen fidan furkan
	genc gizem goksel gultekin gulsen gumus gundogdu gungor gurbuz guven hazal ilkay ilker inan inci isik kahraman karaca karadag karakaya karatas kardelen kaygusuz kayra keskin kilic kilinc kivanc
	kocak koray kurt kutlu mert merve mutlu nalan nazli nermin nilufer nurgul oguz oktay onat onal onder oner oral ozbek ozcan ozer ozlem ozyurt parlak peker pekcan rukiye sarikaya savas sefer selin
	senay sensoy serap serhat sevda sevim sezer sezgin soylu songul sonmez suna tamer tanriverdi taskin tas tayfun temel toprak topal toraman tunc tuna tuncel turkmen uca uyar uysal uzun ulku unlu
	ustun varol vural yagmur yalcin yaman yavas yener yesim yetkin yigit yuce yucel yuksel zafer zengin zerrin adamczyk adamski adrianna alicja aleksandra amelia aniela antoni antonina bak barbara
	bartlomiej beata bielecki blazej borkowski borowski bozena brzezinski cezary chmielewski cieslak czarnecki damian danuta dawid dominik duda dudek edyta ewa ewelina fabian franciszek gabriela
	gajewski glowacki gorski grazyna gustaw halina henryk ignacy ilona iwona izabela jablonski jacek jadwiga jakubowski jagoda jan janina jasinski joanna jozef julianna justyna kacper kalinowski
	kamil karolina kasprzak kazimierz kinga klaudia kolodziej konrad kornelia krol kubiak kucharski kwiatkowski laskowski leszek lis lukasz maciejewski magdalena majewski makowski malinowski marek
	mariusz marlena marta marzena mateusz mieczyslaw mikolaj milosz monika mroz natalia nikodem nowakowski nowicki olszewski oskar ostrowski pawlak pawlowski patrycja pietrzak przemyslaw radoslaw
	rafal renata robert roman rozalia rutkowski sadowski sebastian sikora sikorski sobczak sokolowski stanczyk stefaniak szczepan szewczyk szulc szymczak tadeusz teodor tymon tymoteusz urban urszula
	walczak waldemar wanda wasilewski wawrzyniec weronika wieslaw wiktor wiktoria wilk witkowski wlodarczyk wrobel wroblewski zakrzewski zalewski zawadzki ziolkowski zofia zuzanna adel agoston akos
	alexandra antal aron attila bakos balint barta barna bence benedek bernadett biro bodnar bognar bohus boglarka bozsik csaba csilla csonka dani deak denes dezso dominika dora edina elek emese
	eniko erika erno erzsebet eszter feher fodor fulop gal gaspar gellert gergely geza gyongyi gyula hajnal hedvig hegedus illes jakab jolan judit kalman karoly kata kelemen kerekes kocsis koos kornel
	kristof krisztian krisztina lajos levente lilla lorand lorinc magda magyar major marcell marton mate matyas mihaly noemi nora norbert orban oszkar pal peter pinter piroska reka rita rozsa sara
	sarolta somogyi soos szabolcs szalai szekely szucs szilard szilvia takats tamas terez timea torok tunde veres veronika viktoria vilmos viragh vincze virag zita zsigmond zsanett zsuzsa aafke anouk
	bas bastiaan bram bos bosch brink broek coen daan dam dijk dirkje duuk eline evert feenstra floris floor friso gerben gerritsen groot guus haan hanneke heijden hermans hilde huub ineke jaap jacoba
	janneke jelle jesse jeroen jochem jolanda jong jurre kamp kirsten klaas koning kramer kuijpers lars leendert lieke linden lisanne loes maas marieke marjan marloes martens martijn meer menno mieke
	mulders niels nienke noor ottens paulien peters petra pim pieters pol prins pronk remco renske rens rik roos ruud sander schipper scholten sem sietske siebe sjors smeets stijn teun thijs tijmen
	tjeerd tonnie veen veldhuis vera verbeek verhoeven vermeer vink vliet vries wessel wiersma wim wijnand wilma wolters ypma yvonne zwart adele adrien agathe aime alix alphonse amandine ambre anatole
	antoinette apolline armand arnaud astrid auguste aurelie aurelien aurore barbier barre baptiste benoit berger blanchard blondel bonnet boucher bouchet boulanger bourgeois boyer brice brigitte
	brun capucine carole carpentier cecile celeste celine chantal charpentier chauvet chauvin clemence clement clotilde cohen colette colin corentin corinne cyril damien delphine denis deschamps
	didier dominique dufour dumas dumont dupuis durand dupuy edith elodie emeric emile emilie emmanuelle etienne eugenie fabien fabienne fabre faure felicien fleury florent florence fournier francine
	frederic gaetan gaillard garnier gaston gautier genevieve georges gerald germaine ghislain gilles giraud guerin guillaume guillot gwenael henri herve honore hugo huguette humbert isabelle jacqueline
	jacquet jacques jeanne jerome jocelyne joffrey josette julie julien lacroix laetitia laurence laure leclerc lecomte leger lemaire lemoine leon leroux loic lucie lucien ludovic lydie madeleine
	maillard manon marchand marcel marguerite marianne marechal marine marion marlene martine masson mathieu mathilde maurice melanie menard mercier meunier mireille monique moulin nadine nathan
	nicole noel noemie odette odile olivier pascale paulette perrin perrot philippine picard pierrick poirier pons prevost quentin raymonde regis remi renault renee reynaud rene richard robin roger
	roland romain rosalie roussel roux roselyne sabrina sandrine sebastien severine simone solene sylvain sylvie thibault thierry timothee valentine valerie vasseur vidal viviane xavier yann yves
	yvan albrecht alfons amelie andreas anja anke annegret anneliese annette arndt arno axel beate bernd bernhard bertram birgit burkhard carsten christel christa cornelia dagmar detlef doris dorothea
	edeltraud elfriede elke ekkehard elmar emil erich erwin eugen ewald felix florian franziska frieda gabriele gerda gerd gertrud giesela gotz greta gretel gunther hannelore hans harald hedwig heide
	heidi heike heiko heiner helga henning herbert hermine hermann holger hubert inge ingrid irmgard ivonne jannik joachim johann johannes josef jutta karin karl karsten katharina kathrin katja kerstin
	leonie liesel liselotte ludger luise luitgard manuela margarete margot marlies mathias matthias maximilian mechthild meike michaela mona nadja oliver otmar otto pauline philipp ralf ramona regina
	reinhard reinhold renate roswitha rosemarie rudolf sabine sascha silke sigmund sonja stefanie svenja sven theo theresia thilo tillmann torsten traudel traute udo uli ulrich ulrike ursula ute
	uwe valentin veit verena volker volkmar waltraud werner wiebke wilfried wilhelm willi wolfram yannick bohm brandl dietz ebert eichner ernst fink forster franke frey geiger gerlach graf haase
	heinrich heinze herzog hess hofmann jager jahn kaufmann keil kirchner koller kluge kraft krause krebs krieger kruger lang lindner lutz marx mayr moser naumann nagel pohl reinhardt riedel roth
	rothe sauer schenk schilling schindler schlegel schubert schuster schreiber schwab schwarzer seifert stein steiner stock strauss thiel thoma unger voigt vollmer wenzel wendt wirth wittmann
	wolff ziegler zeller alda alessandra aldo amedeo anselmo arianna armando arturo assunta aurelio beatrice benedetta benedetto bernardo bianca biagio calogero camilla carla carlotta carmela carmelo
	catia cesare cinzia claudia concetta corrado cosimo costanza cristiano cristina dario debora diletta domenico donatella donato edoardo elisabetta elio eleonora emanuele emilio enrica enrico ermanno
	ettore eugenio fabiola fausto federica federico felice fiorella flavia flavio franca fulvio gaetano gianfranco giancarlo gilberto gino giorgia giovanna girolamo giulia giuliano giuseppina graziella
	grazia guglielmo guido ilaria ignazio irene isabella ivano lando laura lauretta leonardo letizia licia lidia lino loredana lorella loretta luana luciana lucrezia ludovica luisella maddalena manlio
	marcella marcello margherita mariagrazia marisa martina marzia matteo maurizio michela milena mirella nadia nazzareno nicola nino nunzia olga oreste orietta ornella ottavio palmira paola pasquale
	patrizia pasqualino piero pierluigi primo raimondo raffaele rebecca renzo riccardo rocco rolando romolo rosaria rosanna roberta rodolfo ruggero sandro santo saverio serafina sergio silvano stefania
	sveva tiziana tiziano tullio ugo valentina vincenzo vito viviana walter barone battaglia bellini benedetti bernardi bernini bertolini bonetti borghi bosco cappelli carbone castelli cavallo ceccarelli
	coppola costantini damico deluca derosa farina ferretti fiore fontanesi franchi gatti gentile giorgi grassi grimaldi guerra guerrini guidi leone locatelli lombardi macri maggi magnani malaspina
	manfredi marchetti marchi marras martino mattioli mazza mele messina milani monaco montanari morandi morelli moro mussolini napolitano negri neri oliveri olivieri pace pagano palumbo parise pareto
	pastore pavese pellegrino perrone piazza piccolo pisani poli ponti pozzi pugliese ricciardi riva rosetti ruggeri sala sartori serra silvestri spinelli tedesco terranova tosi trentini tucci turati
	valentini ventura villa vinci viola vitali volpe zanella zanetti zappa zoppetti zito adelaida adriano afonso agostinho aline amadeu amalia ana anabela aurora beatriz branca breno bruna caetano
	caio camila carina catarina cecilia celso clara clarice claudio conceicao daniela davi diogo domingos duarte edson eduarda elisa eliana emanuel erick estela evandro fabio felipe fernanda filipa
	filipe francisca giovana gisele goncalo guilherme gustavo heitor heloisa henrique iara ines iracema isabela isadora ivone jandira janaina jaqueline jeferson joana joaquim josefina jussara katia
	larissa leandro leonor leticia livia lorena lourenco lucas luiz luiza lurdes madalena maite marcelo marcos margarida mariana marilia marina matheus mauro mayara miguel moacir monica murilo nelson
	nuno olavo osvaldo otavio patricia paulina pietro priscila rafaela raimundo raissa raul renan ricardo rodrigo rogerio ronaldo rosangela rui salvador samuel sandra sebastiao silvana simao stella
	sueli susana tainara tania tatiane telmo teresa thais thiago tiago valdir valmir vanessa vicente vinicius vitor vitoria wagner wellington wesley yara yasmin abril adela adolfo adrian agueda aitana
	aitor alba alberta albina alejo alexis alicia alondra amaia amador amparo anastasia anselma araceli ariadna asuncion azucena baltasar belen benita blanca brayan candela carolina casandra catalina
	celia clemente concepcion consuelo damaris dayana deisy delia dionisio dolores duvan edilberto edison edwin elkin eloisa elvira emilia encarnacion esperanza esteban estefania esther eugenia eulalia
	eusebio eva ezequiel faustino fidel flor florencia fortunato fredy genoveva georgina geraldine gerardo german ginna graciela gregoria griselda hector heriberto herminia hortensia humberto iker
	imelda inmaculada iria isaac itziar izan jacinto jazmin jenny jhon jimena joaquina jocelyn jordi jorgelina josefa judith juliana julieta karina katherine leidy leire leopoldo liliana lourdes
	lucrecia luisa macarena magaly marcela marcelina margarita mariela marisol maritza matilde mayra mercedes mireia mireya nayeli nerea nestor nicolasa nieves noelia nuria octavio odalys olimpia
	oriol pamela paloma pascuala paz petrona pilar piedad purificacion raquel rebeca remedios reynaldo rocio rosalba roxana rubi sagrario salome saul serafin sheila sixto socorro soledad sonia tamara
	teodora tomasa trinidad valeria vanesa vicenta virginia wilmer wilson xavi ximena yadira yamile yanet yeison yesenia yolanda yuliana zaira zulema abarca abella agudelo alamo albornoz alcantara
	aldana aleman almeda almonte altamirano alzate ampuero angulo anton aponte araya arboleda ardila arenal arevalo arguello ariza arredondo arriaga arrieta avendano ayuso badillo balaguer ballesteros
	bano barajas barragan barrientos becerra bejarano bello benavides bermudez betancourt betancur blasco bohorquez bolivar bravo bueno burgos bustos cabello cadena cajal calle canales canizares
	carballo carbajal cardenal carmona carrera carrizo carvajal casals casanova casado casillas castellano castilla catalan ceballos cerda cerezo cespedes chacon chaparro checa cifuentes cobo collado
	colon concha contreras corral corrales cortina cosme cuellar cuenca cuesta delvalle diez donoso echeverri echeverria elizondo enriquez escalante escudero esparza espejo esquivel fajardo falcon
	farre ferrer ferrero fierro figueras florez forero fraile fuente galan galeano galiano galvez gamboa gamez gaona garay garces garzon giraldo godinez gonzalo goya granados grau guardado guardiola
	guijarro gutierres haro hernan herranz hidalgo hinojosa holguin hoyos huertas infante iniesta isaza izquierdo jara jerez jordan jurado lago lara larrea lasso leiva linares llamas llorens lobo
	londono lorente lozada luque luz madrid madrigal manrique manso manzano maroto marrero marti mateo mateos matute maya mayorga mayoral medrano mejias melendez merchan mesa meza millan mir miralles
	mohedano molano molinero monreal montalvo montenegro monterroso mosquera mota moyano munguia naranjo navas negron nevado nogales noguera novoa obando obregon ocampo ocana olivares olmos olmedo
	ordonez orellana orjuela osorio oviedo palomino pardo parada pareja pastor patino pavon pazos pedraza pedroza pelaez penaloza perea pereda pinilla pinzon pizano plaza polanco pozo prada prado
	puga pulido quijano quiros ramon raya redondo requena restrepo reyna riano ribas ribera rico riera rincon riquelme roa robledo roca roig rojo roldan ropero rosado rosell rosello ruano rueda ruiz
	saez sainz salamanca samaniego samper sanabria sanmiguel santacruz santamaria santana santillan sarmiento segovia segura serna serrato sevilla sierra solano soler solorzano sotelo suarez tamayo
	tejada tejeda tello tenorio tobar tobon toro tortosa tous trillo uriarte urbina urrego vaca valbuena valderrama valencia vallejos valls valverde vaquero vargas vela velandia velarde verdugo vergel
	vidales viera villalba villamil villaverde villegas vives yanez ybarra zabala zambrano zapatero zorrilla zuluaga aditama ade adi agustina aisyah alamsyah ananda anggraini arief arif aulia azis
	bagas bagus bayu cahyono cakra cinta citra daliman darma dedi desi diah dimas dinda dwiyanti endah erlangga fadli farida febri firman galih galuh gita halim hamzah haryanto haryono hasanah hastuti
	hendri herman heru ika ilham imam indra intan irawan irma irwan jayadi jayanti jumadi kartika kartini kusnadi kusumo laksana laksono laksmi lailasari liman lina mahendra mandala mardhiyah maryadi
	marpaung melani mulya mustofa nababan najwa namaga nasution novi nova nuraini nurdiyanti nuryani oktaviani padmasari pangestu paramita pertiwi prabowo pradana pradipta prakasa prasasta prasetya
	pudjiastuti puji purwanti purwanto puspasari putu rachmawati rahmat rahmawati rajasa ramadhan ratih restu riyanti rizki safitri salsabila samosir santosa sihombing simanjuntak simbolon sinaga
	sirait sitompul sitorus situmorang sudarsono sudiati suryatmi suryono susanti suwarno syahputra syahrini tampubolon tamba thamrin usada usamah utama uwais victoria waluyo waskita wastuti wardana
	wibisono widiastuti wijayanti winarsih winarno wirawan wulandari yulianti yuliarti yunita zulaika zulkarnain bao bich chau chinh cuong dao dat diep dinh doan dung duy duong giang ha hai hang
	hanh hien hieu hoa hoai hung huong huynh khai khanh khoa khoi kien kieu lam lien linh loan loc long luong luu mai manh mau nga ngan nghia ngoc nhan nhi nhung nuong oanh phat phong phu phuc phung
	phuong quan quang quoc quy quyen quynh sinh suong tam thach thai thang thanh thao thien thinh thoa thu thuan thuy tien tinh toan trang trinh trong truc trung truong tu tuan tuyen tuyet uyen vinh
	vuong vy xuan yen agnes aleksi alexandre alma alva anette anna barbro bengt birgitta bjorn bo britt britta carl dagny ebba elin elisabet ellen elsa emelie erik fredrik frida gun gunilla gunnar
	gustaf gustav hampus henrik hilda hillevi inga ingegerd ingemar inger ingvar jakob jesper joakim johan josefin kajsa katarina kent klara kristina lasse leif lena lennart linnea linus lisa lotta
	lovisa ludvig maja malin margareta maria mattias mats mikael moa olle olof patrik per pernilla pontus rasmus rickard rolf rosalina signe sigvard sixten sten stina sture susanne svante therese
	tina tobias torbjorn tove ulrika vendela viggo viktor vilgot vilma aberg ahlgren alm arvidsson axelsson backman bengtsson berggren berglund bergman bergqvist bergstrom bjorklund blom blomqvist
	bostrom claesson dahlberg dahlgren dahlstrom danielsson edlund ek ekberg ekstrom eliasson engstrom eriksson falk forsberg forsman fransson fredriksson gunnarsson gustavsson hagglund hallberg
	hansson hedlund hedman hellstrom henriksson hermansson holm holmberg holmgren holmqvist isaksson ivarsson jakobsson jonasson jonsson larsson lilja lind lindahl lindblom lindholm lindroos ljungberg
	lofgren lundberg lundgren lundin lundqvist lundstrom martensson mattsson moberg mansson nordin nordstrom norberg norling nyberg nylund nystrom ohlsson olofsson palm palsson persson pettersson
	samuelsson sandstrom sjogren sjostrom soderberg soderstrom stenberg strom sundberg sundqvist sundstrom svensson tornqvist viklund wallin amstrup andreasen bach bang bertelsen bech bonde boye
	bruun carlsen christiansen christoffersen clausen dall damgaard danielsen eriksen frandsen frederiksen gregersen hald hedegaard holst iversen jacobsen jakobsen jeppesen jespersen johannesen juhl
	kjaer kjeldsen klausen kristensen kristiansen krogh laursen lauritsen lorentzen lund madsen mathiesen mikkelsen moller mortensen munk nissen norgaard olesen overgaard paulsen poulsen ravn simonsen
	skov sommer sondergaard steffensen svendsen thomsen thygesen toft vestergaard villadsen winther aase aas bakke berntsen bjerke dahle ellingsen evensen foss fossum gjerde gulbrandsen gundersen
	haug hegg helland holen isaksen johannessen knutsen kvam lunde martinsen moen myhre myklebust naess nilsen nygard oksnes ommundsen rostad sandvik simensen solberg solheim stene sunde sveen tangen
	thoresen torgersen tveit ulriksen vik viken
`)
