"""Days and times as in official documents. Law: 행정업무의 운영 및 혁신에 관한 규정 제7조제4항 and 제5항."""

DATE_FORMAT = "Y. n. j.(D)"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y. n. j.(D) H:i"
SHORT_DATE_FORMAT = "Y. n. j."
SHORT_DATETIME_FORMAT = "Y. n. j. H:i"
