// The chapter's experiments: settings, the number of epochs that show the effect, and what to look for.

export const EXPERIMENTS = [
  { name: "As in chapter 2", words: "chapter-2", epochs: 5, look: "Does it do as well on the test digits as on the training digits?" },
  { name: "Learning rate too high", words: "lr-0.1", epochs: 5, look: "Does the loss fall at every step?" },
  { name: "Far too low", words: "lr-0.00001", epochs: 5, look: "How far does the network get in five epochs?" },
  { name: "Without relu", words: "no-relu", epochs: 5, look: "Will it learn as much?" },
  { name: "Nonsense labels", words: "shuffled-100", epochs: 40, look: "What will happen to the two accuracies over forty epochs?" },
  { name: "Sixteen units", words: "units-16", epochs: 5, look: "Can you tell what each unit looks for?" },
];

export const OTHER_EPOCHS = 10; // for the reader's own settings
