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
`)
