package api

// QuestionParams lets tests see what is served, to compare it with what is documented.
var QuestionParams = questionParams
