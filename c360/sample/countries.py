"""The countries of the sample world: how common, how reached, how they dial, and the names and places found there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PhonePlan:
    """Mobile numbers of a country: trunk prefix, then one of `prefixes`, then `subscriber_digits` digits."""

    calling_code: str
    trunk: str
    prefixes: tuple[str, ...]
    subscriber_digits: int
    groups: tuple[int, ...]
    """Sizes of the groups in which people write a national number, the trunk prefix included."""


@dataclass(frozen=True)
class Country:
    """One country of the sample world."""

    code: str
    """ISO 3166 alpha-2."""
    share: float
    """Share of people."""
    currency_code: str
    """What its people pay with in the web shop. Stores take euros."""
    store_reach: float
    """How likely its people buy in the French stores, as a share of how likely the French do."""
    phones: PhonePlan
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """City and postal code."""
    streets: tuple[str, ...]
    is_number_first: bool
    """Whether the house number stands before the street."""
    latin: tuple[tuple[str, str], ...] = ()
    """Names and places written in another alphabet, and how they read in Latin letters."""


FRANCE = Country(
    code="FR",
    share=0.80,
    currency_code="EUR",
    store_reach=1.0,
    phones=PhonePlan("33", "0", ("60", "61", "62", "66", "67", "68", "76", "77", "78"), 7, (2, 2, 2, 2, 2)),
    first_names=(
        "Adèle", "Agnès", "Alexandre", "Alice", "Amélie", "André", "Antoine", "Aurélie", "Benoît", "Camille", "Cécile",
        "Céline", "Chloé", "Claire", "Clément", "Corentin", "Éléonore", "Élise", "Émilie", "Étienne", "Fatima",
        "François", "Françoise", "Gaël", "Gaëlle", "Geneviève", "Grégoire", "Hélène", "Hugo", "Inès", "Jean-Pierre",
        "Jérôme", "Julie", "Karim", "Léa", "Loïc", "Louise", "Lucas", "Marie-Claude", "Maëlle", "Manon", "Mathieu",
        "Mehdi", "Michèle", "Nadia", "Nathalie", "Nicolas", "Noémie", "Océane", "Olivier", "Pascal", "Rémi", "Renée",
        "Romain", "Sébastien", "Sophie", "Stéphane", "Théo", "Thérèse", "Thomas", "Valérie", "Véronique", "Yann", "Zoé",
    ),
    last_names=(
        "Andrieu", "Aubert", "Barré", "Baudouin", "Benali", "Bernard", "Bertrand", "Besson", "Blanchard", "Bonnet",
        "Boyer", "Brunet", "Caron", "Chevalier", "Clément", "Colin", "Cousin", "D'Amico", "Da Silva", "David",
        "De La Fontaine", "Delattre", "Desprès", "Dubois", "Dufour", "Dumas", "Dupont", "Dupré", "Durand", "Évrard",
        "Fabre", "Faure", "Fernandez", "Fontaine", "Fournier", "Gaillard", "Garnier", "Gérard", "Girard", "Guérin",
        "Haddad", "Hébert", "Henry", "Huet", "Jacquet", "Joly", "Lacroix", "Lambert", "Le Goff", "Lefèvre", "Legrand",
        "Lemaître", "Leroux", "Léger", "Marchand", "Martin", "Mathieu", "Mercier", "Meunier", "Michel", "Moreau",
        "Morin", "Müller", "N'Diaye", "Nguyen", "Noël", "Pelletier", "Perrin", "Petit", "Picard", "Prévost", "Renaud",
        "Rivière", "Robert", "Roche", "Rousseau", "Roussel", "Saint-Martin", "Schmitt", "Thévenet", "Traoré",
        "Vasseur", "Vidal", "Zimmermann",
    ),
    places=(
        ("Angers", "49000"), ("Besançon", "25000"), ("Bordeaux", "33000"), ("Bourg-en-Bresse", "01000"),
        ("Brest", "29200"), ("Clermont-Ferrand", "63000"), ("Dijon", "21000"), ("Grenoble", "38000"),
        ("Le Havre", "76600"), ("Lille", "59000"), ("Lyon", "69003"), ("Lyon", "69007"), ("Marseille", "13006"),
        ("Marseille", "13008"), ("Metz", "57000"), ("Montpellier", "34000"), ("Nantes", "44000"), ("Nice", "06000"),
        ("Nîmes", "30000"), ("Orléans", "45000"), ("Paris", "75011"), ("Paris", "75015"), ("Paris", "75018"),
        ("Paris", "75020"), ("Reims", "51100"), ("Rennes", "35000"), ("Saint-Étienne", "42000"),
        ("Strasbourg", "67000"), ("Toulon", "83000"), ("Toulouse", "31000"), ("Tours", "37000"),
        ("Villeurbanne", "69100"),
    ),
    streets=(
        "rue de la République", "rue Victor-Hugo", "avenue Jean-Jaurès", "rue des Écoles", "boulevard Voltaire",
        "rue du Moulin", "place de l'Église", "rue Pasteur", "impasse des Lilas", "chemin des Vignes",
        "avenue de la Gare", "rue Émile-Zola", "boulevard de la Liberté", "allée des Tilleuls",
        "rue du Général-de-Gaulle", "quai de la Fosse",
    ),
    is_number_first=True,
)  # fmt: skip

BELGIUM = Country(
    code="BE",
    share=0.07,
    currency_code="EUR",
    store_reach=0.6,
    phones=PhonePlan("32", "0", ("47", "48", "49"), 7, (4, 2, 2, 2)),
    first_names=(
        "An", "Bram", "Charlotte", "Elke", "Emma", "Jérémie", "Joke", "Koen", "Léon", "Lotte", "Noé", "Pieter",
        "Sofie", "Thibault", "Wouter", "Zoë",
    ),
    last_names=(
        "Claes", "De Smet", "Dubois", "Goossens", "Jacobs", "Janssens", "Lambert", "Lemaire", "Maes", "Mertens",
        "Peeters", "Renard", "Van den Berghe", "Vandamme", "Wouters",
    ),
    places=(
        ("Antwerpen", "2000"), ("Bruxelles", "1000"), ("Charleroi", "6000"), ("Gent", "9000"), ("Liège", "4000"),
        ("Namur", "5000"), ("Tournai", "7500"),
    ),
    streets=(
        "rue de la Station", "chaussée de Bruxelles", "Kerkstraat", "Stationsstraat", "avenue Louise",
        "Molenstraat",
    ),
    is_number_first=False,
)  # fmt: skip

GERMANY = Country(
    code="DE",
    share=0.03,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("49", "0", ("151", "170", "171", "175"), 8, (4, 8)),
    first_names=(
        "Anja", "Björn", "Dörte", "Felix", "Hannah", "Jörg", "Jürgen", "Katrin", "Lena", "Lukas", "Mia", "Sönke",
        "Tobias", "Uwe",
    ),
    last_names=(
        "Bäcker", "Becker", "Fischer", "Groß", "Hoffmann", "Jäger", "Koch", "Krüger", "Müller", "Schäfer", "Schröder",
        "Schulz", "von Berg", "Weiß",
    ),
    places=(("Berlin", "10115"), ("Dresden", "01067"), ("Freiburg", "79098"), ("Köln", "50667"), ("München", "80331")),
    streets=(
        "Hauptstraße", "Bahnhofstraße", "Gartenstraße", "Schillerstraße", "Lindenweg", "Am Markt",
    ),
    is_number_first=False,
)  # fmt: skip

UNITED_KINGDOM = Country(
    code="GB",
    share=0.02,
    currency_code="GBP",
    store_reach=0.0,
    phones=PhonePlan("44", "0", ("74", "75", "78"), 8, (5, 6)),
    first_names=(
        "Aisha", "Callum", "Charlotte", "Fiona", "George", "Harriet", "Imogen", "Oliver", "Priya", "Rhys", "Siân",
        "William",
    ),
    last_names=(
        "Ahmed", "Clarke", "Davies", "Evans", "Hughes", "MacDonald", "O'Brien", "Patel", "Smith", "Taylor", "Walker",
        "Wright",
    ),
    places=(("Bristol", "BS1 4DJ"), ("Edinburgh", "EH1 1YZ"), ("Leeds", "LS1 3AD"), ("London", "SE1 7PB")),
    streets=(
        "High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane",
    ),
    is_number_first=True,
)  # fmt: skip

SPAIN = Country(
    code="ES",
    share=0.02,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("34", "", ("61", "62", "65", "66", "67", "69"), 7, (3, 3, 3)),
    first_names=(
        "Álvaro", "Ana", "Begoña", "Carlos", "Inés", "Iñaki", "Javier", "José", "Lucía", "María", "Martín", "Nuria",
        "Raúl", "Sofía",
    ),
    last_names=(
        "Álvarez", "Díaz", "Fernández", "García", "Gómez", "Gutiérrez", "Hernández", "Ibáñez", "López", "Muñoz",
        "Núñez", "Peña", "Sánchez",
    ),
    places=(("Barcelona", "08001"), ("Bilbao", "48001"), ("Madrid", "28013"), ("Valencia", "46002")),
    streets=(
        "Calle Mayor", "Calle de Alcalá", "Avenida de América", "Plaza de España", "Carrer de Balmes",
    ),
    is_number_first=False,
)  # fmt: skip

ITALY = Country(
    code="IT",
    share=0.02,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("39", "", ("32", "33", "34", "38"), 8, (3, 3, 4)),
    first_names=(
        "Alessandro", "Beatrice", "Chiara", "Davide", "Elena", "Francesco", "Giulia", "Lorenzo", "Martina", "Matteo",
        "Niccolò", "Sofia",
    ),
    last_names=(
        "Bianchi", "Colombo", "Conti", "D'Angelo", "De Luca", "Esposito", "Ferrari", "Greco", "Marino", "Ricci",
        "Romano", "Rossi",
    ),
    places=(("Milano", "20121"), ("Napoli", "80132"), ("Roma", "00184"), ("Torino", "10121")),
    streets=(
        "Via Roma", "Via Garibaldi", "Corso Italia", "Via Dante", "Piazza Mazzini",
    ),
    is_number_first=False,
)  # fmt: skip

GREECE = Country(
    code="GR",
    share=0.015,
    currency_code="EUR",
    store_reach=0.1,
    phones=PhonePlan("30", "", ("690", "693", "694", "697", "698"), 7, (3, 3, 4)),
    first_names=(
        "Αλέξανδρος", "Βασιλική", "Γιώργος", "Δημήτρης", "Ελένη", "Κατερίνα", "Κωνσταντίνος", "Μαρία", "Νίκος", "Σοφία",
    ),
    last_names=(
        "Αντωνίου", "Βασιλείου", "Γεωργίου", "Δημητρίου", "Κωνσταντίνου", "Νικολαΐδης", "Οικονόμου", "Παπαδόπουλος",
    ),
    places=(("Αθήνα", "10431"), ("Θεσσαλονίκη", "54622"), ("Πάτρα", "26221"), ("Ηράκλειο", "71201")),
    streets=("Ερμού", "Πανεπιστημίου", "Τσιμισκή", "Λεωφόρος Αλεξάνδρας"),
    is_number_first=False,
    latin=(
        ("Αλέκος", "Alekos"), ("Αλέξανδρος", "Alexandros"), ("Κώστας", "Kostas"),
        ("Βασιλική", "Vasiliki"), ("Γιώργος", "Giorgos"), ("Δημήτρης", "Dimitris"),
        ("Ελένη", "Eleni"), ("Κατερίνα", "Katerina"), ("Κωνσταντίνος", "Konstantinos"), ("Μαρία", "Maria"),
        ("Νίκος", "Nikos"), ("Σοφία", "Sofia"), ("Αντωνίου", "Antoniou"), ("Βασιλείου", "Vasileiou"),
        ("Γεωργίου", "Georgiou"), ("Δημητρίου", "Dimitriou"), ("Κωνσταντίνου", "Konstantinou"),
        ("Νικολαΐδης", "Nikolaidis"), ("Οικονόμου", "Oikonomou"), ("Παπαδόπουλος", "Papadopoulos"),
        ("Αθήνα", "Athina"), ("Θεσσαλονίκη", "Thessaloniki"), ("Πάτρα", "Patra"), ("Ηράκλειο", "Irakleio"),
        ("Ερμού", "Ermou"), ("Πανεπιστημίου", "Panepistimiou"), ("Τσιμισκή", "Tsimiski"),
        ("Λεωφόρος Αλεξάνδρας", "Leoforos Alexandras"),
    ),
)  # fmt: skip

BULGARIA = Country(
    code="BG",
    share=0.015,
    currency_code="EUR",
    store_reach=0.1,
    phones=PhonePlan("359", "0", ("88", "89"), 7, (4, 3, 3)),
    first_names=(
        "Александър", "Борис", "Георги", "Десислава", "Елена", "Иван", "Мария", "Николай", "Петър", "Цветелина", "Юлия",
    ),
    last_names=("Александров", "Василев", "Георгиев", "Димитров", "Иванов", "Николов", "Петров", "Стоянов", "Щерев"),
    places=(("София", "1000"), ("Пловдив", "4000"), ("Варна", "9000"), ("Бургас", "8000")),
    streets=("ул. Шипка", "бул. Витоша", "ул. Христо Ботев", "ул. Раковски"),
    is_number_first=False,
    latin=(
        ("Александър", "Aleksandar"), ("Сашо", "Sasho"),
        ("Борис", "Boris"), ("Георги", "Georgi"), ("Десислава", "Desislava"),
        ("Елена", "Elena"), ("Иван", "Ivan"), ("Мария", "Mariya"), ("Николай", "Nikolay"), ("Петър", "Petar"),
        ("Цветелина", "Tsvetelina"), ("Юлия", "Yuliya"), ("Александров", "Aleksandrov"), ("Василев", "Vasilev"),
        ("Георгиев", "Georgiev"), ("Димитров", "Dimitrov"), ("Иванов", "Ivanov"), ("Николов", "Nikolov"),
        ("Петров", "Petrov"), ("Стоянов", "Stoyanov"), ("Щерев", "Shterev"), ("София", "Sofia"),
        ("Пловдив", "Plovdiv"), ("Варна", "Varna"), ("Бургас", "Burgas"), ("ул. Шипка", "ul. Shipka"),
        ("бул. Витоша", "bul. Vitosha"), ("ул. Христо Ботев", "ul. Hristo Botev"), ("ул. Раковски", "ul. Rakovski"),
    ),
)  # fmt: skip

MOROCCO = Country(
    code="MA",
    share=0.01,
    currency_code="EUR",
    store_reach=0.0,
    phones=PhonePlan("212", "0", ("61", "66", "67"), 7, (2, 2, 2, 2, 2)),
    first_names=("أحمد", "خديجة", "سعاد", "عمر", "فاطمة", "كريم", "ليلى", "محمد", "نادية", "يوسف"),
    last_names=("العلوي", "الإدريسي", "بناني", "الفاسي", "المنصوري", "الناصري", "برادة", "التازي"),
    places=(("الدار البيضاء", "20000"), ("الرباط", "10000"), ("مراكش", "40000"), ("فاس", "30000")),
    streets=("شارع محمد الخامس", "شارع الحسن الثاني", "زنقة طنجة", "شارع الجيش الملكي"),
    is_number_first=True,
    latin=(
        ("أحمد", "Ahmed"), ("خديجة", "Khadija"), ("سعاد", "Souad"), ("عمر", "Omar"), ("فاطمة", "Fatima"),
        ("كريم", "Karim"), ("ليلى", "Laila"), ("محمد", "Mohamed"), ("نادية", "Nadia"), ("يوسف", "Youssef"),
        ("العلوي", "Alaoui"), ("الإدريسي", "El Idrissi"), ("بناني", "Bennani"), ("الفاسي", "El Fassi"),
        ("المنصوري", "Mansouri"), ("الناصري", "Naciri"), ("برادة", "Berrada"), ("التازي", "Tazi"),
        ("الدار البيضاء", "Casablanca"), ("الرباط", "Rabat"), ("مراكش", "Marrakech"), ("فاس", "Fès"),
        ("شارع محمد الخامس", "avenue Mohammed V"), ("شارع الحسن الثاني", "avenue Hassan II"),
        ("زنقة طنجة", "rue de Tanger"), ("شارع الجيش الملكي", "avenue des FAR"),
    ),
)  # fmt: skip

COUNTRIES = (FRANCE, BELGIUM, GERMANY, UNITED_KINGDOM, SPAIN, ITALY, GREECE, BULGARIA, MOROCCO)
"""Every country, its share of people adding up to 1."""

NICKNAMES = {
    "Agnès": "Agnou", "Alexandre": "Alex", "Alessandro": "Ale", "Antoine": "Tonio", "Aurélie": "Lily", "Benoît": "Ben",
    "Camille": "Cam", "Charlotte": "Charlie", "Clément": "Clem", "Corentin": "Coco", "Éléonore": "Léo",
    "Étienne": "Titi", "Francesco": "Checco", "François": "Fanch", "Françoise": "Fanfan", "Geneviève": "Ginette",
    "Grégoire": "Greg", "Jean-Pierre": "JP", "Jérôme": "Jéjé", "José": "Pepe", "Mathieu": "Mat", "Michèle": "Mimi",
    "Nathalie": "Nath", "Nicolas": "Nico", "Olivier": "Oli", "Romain": "Rom", "Sébastien": "Seb", "Stéphane": "Steph",
    "Thérèse": "Thésy", "Thomas": "Tom", "Tobias": "Tobi", "Valérie": "Val", "Véronique": "Véro", "William": "Will",
    "Αλέξανδρος": "Αλέκος", "Κωνσταντίνος": "Κώστας", "Александър": "Сашо",
}  # fmt: skip
"""How people called so are called by those who know them, and on some forms."""
STREET_KINDS = {
    "avenue ": "av. ", "boulevard ": "bd ", "rue ": "r. ", "place ": "pl. ", "chemin ": "chem. ", "impasse ": "imp. ",
    "allée ": "all. ", "chaussée ": "ch. ", "Calle ": "C/ ", "Avenida ": "Avda. ", "Via ": "V. ", "straße": "str.",
    " Street": " St", " Road": " Rd", " Lane": " Ln", "straat": "str.", "Λεωφόρος ": "Λεωφ. ",
}  # fmt: skip
"""How kinds of streets are abbreviated."""
